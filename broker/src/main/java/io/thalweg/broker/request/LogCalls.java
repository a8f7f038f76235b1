package io.thalweg.broker.request;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Calls to logs that may be closed at any moment: what the log throws at once fails the stage instead, as the log's being led elsewhere
 * would.
 */
final class LogCalls {

    private LogCalls() {}

    static CompletionStage<LogSlice> read(PartitionLog log, long from, long upTo, int maxBytes) {
        try {
            return log.read(from, upTo, maxBytes);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(closed(e));
        }
    }

    static CompletionStage<OptionalLong> find(PartitionLog log, long timestamp) {
        try {
            return log.find(timestamp);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(closed(e));
        }
    }

    private static StorageException closed(IllegalStateException e) {
        return new StorageException.Fenced(String.valueOf(e.getMessage()));
    }
}
