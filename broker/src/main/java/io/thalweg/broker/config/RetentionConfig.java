package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigValues;

/**
 * Which old segments of a log are dropped.
 *
 * @param isEnabled whether any are: {@code cleanup.policy} contains {@code delete}
 * @param millis segments whose newest record is older are dropped; -1 for no such limit
 * @param bytes the oldest segments are dropped while at least this much stays; -1 for no such limit
 */
public record RetentionConfig(boolean isEnabled, long millis, long bytes) {

    static RetentionConfig of(ConfigValues values) {
        return new RetentionConfig(
                values.value(TopicKeys.CLEANUP_POLICY).contains("delete"),
                values.value(TopicKeys.RETENTION_MILLIS),
                Math.max(-1, values.value(TopicKeys.RETENTION_BYTES)));
    }
}
