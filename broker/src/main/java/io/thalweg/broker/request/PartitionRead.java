package io.thalweg.broker.request;

import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.Partition;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.LogSlice;
import org.jspecify.annotations.Nullable;

/**
 * What a fetch found in one partition.
 *
 * @param asked what the reader wanted
 * @param partition what was read, or null on error
 * @param error NONE if the partition could be read
 * @param highWatermark -1 on error
 * @param logStartOffset -1 on error
 * @param leaderEpoch the epoch under which it was read
 * @param diverging where the reader's log and this one part, if they do
 * @param slice the batches; given
 */
record PartitionRead(
        FetchPartition asked,
        @Nullable Partition partition,
        ErrorCode error,
        long highWatermark,
        long logStartOffset,
        int leaderEpoch,
        EpochHistory.@Nullable End diverging,
        LogSlice slice) {

    static PartitionRead failed(FetchPartition asked, ErrorCode error) {
        return new PartitionRead(asked, null, error, -1, -1, -1, null, LogSlice.empty());
    }

    /** Whether the reader has to hear of it at once. */
    boolean isUrgent() {
        return error != ErrorCode.NONE || diverging != null;
    }

    int sizeInBytes() {
        return slice.sizeInBytes();
    }

    /** The same without its batches, which are given back. */
    PartitionRead withoutBatches() {
        slice.close();
        return new PartitionRead(
                asked, partition, error, highWatermark, logStartOffset, leaderEpoch, diverging, LogSlice.empty());
    }
}
