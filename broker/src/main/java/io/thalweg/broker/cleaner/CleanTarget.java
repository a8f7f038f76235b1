package io.thalweg.broker.cleaner;

import io.thalweg.broker.config.CompactionConfig;
import io.thalweg.broker.partition.Partition;
import io.thalweg.spi.storage.SegmentedLog;

/**
 * A compacted log, as its shard saw it.
 *
 * @param leaderEpoch under which the partition is led; what is known of it holds as long as that does
 * @param segmentBytes segments are put together up to this size
 * @param stableOffset nothing at or above it is touched: it may not be replicated, or decided
 */
record CleanTarget(
        Partition partition,
        SegmentedLog log,
        CompactionConfig config,
        int leaderEpoch,
        int segmentBytes,
        long stableOffset) {

    /** Whether the log is still the partition's: one that is not may be closed at any moment. */
    boolean isCurrent() {
        return partition.log() == log;
    }
}
