package io.thalweg.broker.partition;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls to logs that may be closed at any moment: what the log throws at once fails the stage instead, as the log's being led elsewhere
 * would.
 */
public final class LogCalls {

    private LogCalls() {}

    public static CompletionStage<LogSlice> read(PartitionLog log, long from, long upTo, int maxBytes) {
        return guarded(() -> log.read(from, upTo, maxBytes));
    }

    public static CompletionStage<OptionalLong> find(PartitionLog log, long timestamp) {
        return guarded(() -> log.find(timestamp));
    }

    public static CompletionStage<Void> advanceStart(PartitionLog log, long startOffset) {
        return guarded(() -> log.advanceStart(startOffset));
    }

    public static CompletionStage<Void> truncateTo(PartitionLog log, long endOffset) {
        return guarded(() -> log.truncateTo(endOffset));
    }

    /** Has a given slice used on an executor; one that takes no more tasks, as its owner is closed, leaves nothing open. */
    public static <T> CompletionStage<T> useOn(
            Executor executor, LogSlice slice, Function<LogSlice, CompletionStage<T>> use) {
        var used = new CompletableFuture<CompletionStage<T>>();
        try {
            executor.execute(
                    () -> used.complete(CompletableFuture.completedStage(slice).thenCompose(use)));
        } catch (RejectedExecutionException e) {
            slice.close();
            return CompletableFuture.failedFuture(e);
        }
        return used.thenCompose(stage -> stage);
    }

    private static <T> CompletionStage<T> guarded(Supplier<CompletionStage<T>> call) {
        try {
            return Objects.requireNonNull(call.get(), "the log gave no stage");
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(new StorageException.Fenced(String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The bytes of a given slice, which is closed; may read the disk. */
    public static ByteBuffer copyOf(LogSlice slice) {
        try {
            return slice.toBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
