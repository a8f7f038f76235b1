package io.thalweg.storage.file;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.StorageException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The checkpoints of a log that may lie in a directory nobody can look into. Immutable. */
record OfflineCheckpoints(StorageException.Offline reason) implements Checkpoints {

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        return CompletableFuture.failedStage(reason);
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
        return CompletableFuture.failedStage(reason);
    }

    @Override
    public CompletionStage<Void> removeAbove(long offset) {
        return CompletableFuture.failedStage(reason);
    }
}
