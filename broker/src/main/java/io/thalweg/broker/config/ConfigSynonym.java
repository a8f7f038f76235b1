package io.thalweg.broker.config;

import org.jspecify.annotations.Nullable;

/**
 * One of the places that a value may come from.
 *
 * @param name of the setting there
 * @param value its text there; null when it is a secret
 * @param source which place
 */
public record ConfigSynonym(String name, @Nullable String value, ConfigSource source) {}
