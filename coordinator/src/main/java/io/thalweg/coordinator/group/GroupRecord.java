package io.thalweg.coordinator.group;

import io.thalweg.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * One record of {@code __consumer_offsets}.
 *
 * @param key what it is about
 * @param value what is so from now on, or null if there is nothing of that key any more
 */
public record GroupRecord(Message key, @Nullable Message value) {}
