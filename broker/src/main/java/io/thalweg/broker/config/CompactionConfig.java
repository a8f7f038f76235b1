package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigValues;

/**
 * Whether and when a log is compacted.
 *
 * @param isEnabled whether it is at all: {@code cleanup.policy} contains {@code compact}
 * @param minLagMillis a record stays uncompacted for at least so long
 * @param maxLagMillis a record waits no longer than about this for compaction
 * @param minDirtyRatio the share of the log not yet compacted at which it is compacted, 0 to 1
 * @param deleteRetentionMillis how long the mark of a deleted key stays
 */
public record CompactionConfig(
        boolean isEnabled, long minLagMillis, long maxLagMillis, double minDirtyRatio, long deleteRetentionMillis) {

    static CompactionConfig of(ConfigValues values) {
        return new CompactionConfig(
                values.value(TopicKeys.CLEANUP_POLICY).contains("compact"),
                values.value(TopicKeys.MIN_COMPACTION_LAG_MILLIS),
                values.value(TopicKeys.MAX_COMPACTION_LAG_MILLIS),
                values.value(TopicKeys.MIN_CLEANABLE_DIRTY_RATIO),
                values.value(TopicKeys.DELETE_RETENTION_MILLIS));
    }
}
