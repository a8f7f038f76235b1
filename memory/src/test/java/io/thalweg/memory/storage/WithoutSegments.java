package io.thalweg.memory.storage;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Memory storage that shows no segments, and whose truncations and starts complete when they are let. Any thread. */
final class WithoutSegments implements StorageProvider {

    private final MemoryStorage storage = new MemoryStorage();
    private final CompletionStage<Void> cutsEnd;

    WithoutSegments(CompletionStage<Void> cutsEnd) {
        this.cutsEnd = cutsEnd;
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return storage.configKeys();
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new PlainEngine(storage.open(context), cutsEnd);
    }

    private record PlainEngine(StorageEngine engine, CompletionStage<Void> cutsEnd) implements StorageEngine {

        @Override
        public List<LogId> logs() {
            return engine.logs();
        }

        @Override
        public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
            return engine.open(id, config).thenApply(log -> new PlainLog(log, cutsEnd));
        }

        @Override
        public void configure(LogId id, LogConfig config) {
            engine.configure(id, config);
        }

        @Override
        public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
            return engine.commit(
                    logs.stream().map(log -> ((PlainLog) log).log()).toList());
        }

        @Override
        public Checkpoints checkpoints(LogId id) {
            return engine.checkpoints(id);
        }

        @Override
        public CompletionStage<Void> delete(LogId id) {
            return engine.delete(id);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    /** Equal to another around the same log. */
    private record PlainLog(PartitionLog log, CompletionStage<Void> cutsEnd) implements PartitionLog {

        @Override
        public void append(List<Batch> batches) {
            log.append(batches);
        }

        @Override
        public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
            return log.read(from, upTo, maxBytes);
        }

        @Override
        public CompletionStage<OptionalLong> find(long timestamp) {
            return log.find(timestamp);
        }

        @Override
        public CompletionStage<Void> truncateTo(long endOffset) {
            return log.truncateTo(endOffset).thenCompose(done -> cutsEnd);
        }

        @Override
        public CompletionStage<Void> advanceStart(long startOffset) {
            return log.advanceStart(startOffset).thenCompose(done -> cutsEnd);
        }

        @Override
        public LogOffsets offsets() {
            return log.offsets();
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
