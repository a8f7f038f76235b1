package io.thalweg.broker.request;

import io.thalweg.broker.partition.AbortedTransaction;
import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.Partition;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.LogSlice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fetch found in one partition.
 *
 * @param asked what the reader wanted
 * @param partition what was read, or null on error
 * @param error NONE if the partition could be read
 * @param bounds the partition's, as it was read
 * @param diverging where the reader's log and this one part, if they do
 * @param preferredReplica the broker that the reader had better ask, or {@link #HERE}
 * @param slice the batches; given
 * @param aborted whose records among them the reader is to pass over, if it wants only what is committed
 */
record PartitionRead(
        FetchPartition asked,
        @Nullable Partition partition,
        ErrorCode error,
        Bounds bounds,
        EpochHistory.@Nullable End diverging,
        int preferredReplica,
        LogSlice slice,
        List<AbortedTransaction> aborted) {

    /** In place of a broker: the one that answers. */
    static final int HERE = -1;

    /**
     * The partition's offsets, all -1 when they are not known.
     *
     * @param seenEnd the log end for a follower, the high watermark for a consumer: there is something new when it is another
     * @param leaderEpoch the epoch under which it was read
     */
    record Bounds(long logStartOffset, long highWatermark, long lastStableOffset, long seenEnd, int leaderEpoch) {

        static final Bounds UNKNOWN = new Bounds(-1, -1, -1, -1, -1);

        /** The same for a reader that asked for what is no longer there: only where the log begins. */
        Bounds belowStart() {
            return new Bounds(logStartOffset, -1, -1, -1, leaderEpoch);
        }
    }

    static PartitionRead failed(FetchPartition asked, ErrorCode error) {
        return new PartitionRead(asked, null, error, Bounds.UNKNOWN, null, HERE, LogSlice.empty(), List.of());
    }

    /** The reader is to ask another replica. */
    static PartitionRead elsewhere(FetchPartition asked, Partition partition, Bounds bounds, int replica) {
        return new PartitionRead(asked, partition, ErrorCode.NONE, bounds, null, replica, LogSlice.empty(), List.of());
    }

    long highWatermark() {
        return bounds.highWatermark();
    }

    long logStartOffset() {
        return bounds.logStartOffset();
    }

    /** Whether the reader holds everything below what it asked for. */
    boolean isAcknowledgement() {
        return error == ErrorCode.NONE && diverging == null;
    }

    /** Whether the reader has to hear of it at once. */
    boolean isUrgent() {
        return error != ErrorCode.NONE || diverging != null || preferredReplica != HERE;
    }

    int sizeInBytes() {
        return slice.sizeInBytes();
    }

    /** The same with word of what among its batches was aborted. */
    PartitionRead without(List<AbortedTransaction> transactions) {
        return transactions.isEmpty()
                ? this
                : new PartitionRead(asked, partition, error, bounds, diverging, preferredReplica, slice, transactions);
    }

    /** The same without its batches, which are given back. */
    PartitionRead withoutBatches() {
        slice.close();
        return new PartitionRead(
                asked, partition, error, bounds, diverging, preferredReplica, LogSlice.empty(), List.of());
    }
}
