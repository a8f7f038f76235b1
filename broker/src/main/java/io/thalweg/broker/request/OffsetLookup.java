package io.thalweg.broker.request;

import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.LogCalls;
import io.thalweg.protocol.record.DecompressionLimit;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first record at or after a time, precisely to the record: the log tells the batch, the batch the record. One lookup; what it
 * reads from the disk it scans on the thread on which the engine completes the read.
 */
final class OffsetLookup {

    /** The log gives at least one batch, and more than the one that it pointed at is seldom needed. */
    private static final int READ_BYTES = 1;

    private final PartitionLog log;
    private final EpochHistory epochs;
    private final long timestamp;
    private final long belowOffset;

    /**
     * A lookup.
     *
     * @param timestamp epoch milliseconds
     * @param belowOffset records at or above it are not seen
     */
    OffsetLookup(PartitionLog log, EpochHistory epochs, long timestamp, long belowOffset) {
        this.log = log;
        this.epochs = epochs;
        this.timestamp = timestamp;
        this.belowOffset = belowOffset;
    }

    /**
     * A record that was found, or the offset that was asked for by name.
     *
     * @param timestamp epoch milliseconds, -1 when there is none
     * @param leaderEpoch the epoch it was written under, -1 when unknown
     */
    record Found(long timestamp, long offset, int leaderEpoch) {

        static final Found NOTHING = new Found(-1, -1, -1);
    }

    /** Completes with the record, or {@link Found#NOTHING}. */
    CompletionStage<Found> find() {
        return LogCalls.find(log, timestamp)
                .thenCompose(base -> base.isPresent() ? scanFrom(base.getAsLong()) : nothing());
    }

    private CompletionStage<Found> scanFrom(long offset) {
        if (offset >= belowOffset) {
            return nothing();
        }
        return LogCalls.read(log, offset, belowOffset, READ_BYTES).thenCompose(slice -> scan(slice, offset));
    }

    /** Finds the record, or goes on after the last batch of the slice. */
    private CompletionStage<Found> scan(LogSlice slice, long from) {
        var next = from;
        for (var batch : RecordBatches.in(LogCalls.copyOf(slice))) {
            var found = batch.maxTimestamp() < timestamp ? null : scan(batch, from);
            if (found != null) {
                return CompletableFuture.completedFuture(found);
            }
            next = batch.nextOffset();
        }
        return next == from ? nothing() : scanFrom(next);
    }

    private @Nullable Found scan(RecordBatch batch, long from) {
        try (var records = batch.records(DecompressionLimit.DEFAULT)) {
            while (records.hasNext()) {
                var record = records.next();
                if (record.timestamp() >= timestamp && record.offset() >= from && record.offset() < belowOffset) {
                    return new Found(record.timestamp(), record.offset(), epochs.epochAt(record.offset()));
                }
            }
            return null;
        }
    }

    private static CompletionStage<Found> nothing() {
        return CompletableFuture.completedFuture(Found.NOTHING);
    }
}
