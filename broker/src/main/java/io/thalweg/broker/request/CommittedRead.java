package io.thalweg.broker.request;

import io.thalweg.broker.partition.AbortedTransaction;
import io.thalweg.broker.partition.AbortedTransactions;
import io.thalweg.broker.partition.LogCalls;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A read of as many batches as one answer may tell the aborted transactions of.
 *
 * @param log what is read
 * @param aborted of the log, or none where the reader does not ask
 * @param end up to where it may read
 * @param maxBytes bounds the batches, but at least one is read if there is any
 */
record CommittedRead(PartitionLog log, AbortedTransactions aborted, long end, int maxBytes) {

    /** How many aborted transactions one answer tells of, but for those that are open where it begins. */
    private static final int MAX_ABORTED = 1000;

    /**
     * What an answer has.
     *
     * @param slice the batches; given
     * @param aborted whose records among them are to be passed over
     */
    record Part(LogSlice slice, List<AbortedTransaction> aborted) {}

    CompletionStage<Part> from(long offset) {
        return from(offset, MAX_ABORTED);
    }

    /**
     * Where compaction has left nothing as far as the transactions go that can be told of, the reader would come again and again: then it
     * goes on from there, with twice as many, so that this ends soon.
     */
    private CompletionStage<Part> from(long offset, int maxAborted) {
        var found = aborted.between(offset, end, maxAborted);
        return LogCalls.read(log, offset, found.upTo(), maxBytes).thenCompose(slice -> {
            if (slice.sizeInBytes() > 0 || found.upTo() >= end) {
                return CompletableFuture.completedStage(new Part(slice, found.transactions()));
            }
            slice.close();
            return from(found.upTo(), 2 * maxAborted);
        });
    }
}
