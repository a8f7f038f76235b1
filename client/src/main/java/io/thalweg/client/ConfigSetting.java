package io.thalweg.client;

import org.jspecify.annotations.Nullable;

/**
 * A setting as a broker has it.
 *
 * @param value null if it is a secret, or has none
 * @param source who has set it
 */
public record ConfigSetting(String name, @Nullable String value, Source source, boolean isReadOnly) {

    /** Where a value comes from, by the numbers of the protocol, from 1 on. */
    public enum Source {
        TOPIC,
        BROKER,
        ALL_BROKERS,
        FILE,
        DEFAULT,
        LOGGER,
        CLIENT_METRICS,
        GROUP,
        UNKNOWN;

        static Source of(byte code) {
            return code < 1 || code >= values().length ? UNKNOWN : values()[code - 1];
        }
    }

    /** Whether it was set with a request, rather than in a file or not at all. */
    public boolean isSet() {
        return switch (source) {
            case TOPIC, BROKER, ALL_BROKERS, GROUP, CLIENT_METRICS, LOGGER -> true;
            case FILE, DEFAULT, UNKNOWN -> false;
        };
    }
}
