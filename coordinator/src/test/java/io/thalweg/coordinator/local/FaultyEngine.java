package io.thalweg.coordinator.local;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine that refuses, fails or holds back what the test says. Owned by the test's thread. */
final class FaultyEngine implements StorageEngine {

    private final StorageEngine inner;
    int commits;
    boolean refuseAppends;
    boolean failCommits;
    boolean holdCommits;

    FaultyEngine(StorageEngine inner) {
        this.inner = inner;
    }

    @Override
    public List<LogId> logs() {
        return inner.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        return inner.open(id, config).thenApply(FaultyLog::new);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        inner.configure(id, config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        commits++;
        if (holdCommits) {
            return new CompletableFuture<>();
        }
        if (failCommits) {
            return CompletableFuture.failedStage(new StorageException.Offline("the disk is gone", null));
        }
        return inner.commit(logs.stream().map(log -> ((FaultyLog) log).inner).toList());
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        return inner.checkpoints(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return inner.delete(id);
    }

    @Override
    public void close() {
        inner.close();
    }

    private final class FaultyLog implements PartitionLog {

        private final PartitionLog inner;

        FaultyLog(PartitionLog inner) {
            this.inner = inner;
        }

        @Override
        public void append(List<Batch> batches) {
            if (refuseAppends) {
                throw new StorageException.Full("the disk is full", null);
            }
            inner.append(batches);
        }

        @Override
        public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
            return inner.read(from, upTo, maxBytes);
        }

        @Override
        public CompletionStage<OptionalLong> find(long timestamp) {
            return inner.find(timestamp);
        }

        @Override
        public CompletionStage<Void> truncateTo(long endOffset) {
            return inner.truncateTo(endOffset);
        }

        @Override
        public CompletionStage<Void> advanceStart(long startOffset) {
            return inner.advanceStart(startOffset);
        }

        @Override
        public LogOffsets offsets() {
            return inner.offsets();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
