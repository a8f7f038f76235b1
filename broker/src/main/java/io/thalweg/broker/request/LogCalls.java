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
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(failure(e));
        }
    }

    static CompletionStage<OptionalLong> find(PartitionLog log, long timestamp) {
        try {
            return log.find(timestamp);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(failure(e));
        }
    }

    private static RuntimeException failure(RuntimeException e) {
        return e instanceof IllegalStateException ? new StorageException.Fenced(String.valueOf(e.getMessage())) : e;
    }
}
