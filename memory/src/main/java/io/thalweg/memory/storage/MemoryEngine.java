package io.thalweg.memory.storage;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The open logs of one {@link MemoryStorage}. Any thread; every stage it gives is complete already. */
final class MemoryEngine implements SegmentedEngine, DirectoryOwner {

    private final MemoryContents contents;
    private final UUID id;
    private final Clock clock;
    private final long maxBytes;
    private final Runnable release;
    private final ConcurrentMap<LogId, MemoryLog> open = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    MemoryEngine(MemoryContents contents, UUID id, Clock clock, long maxBytes, Runnable release) {
        this.contents = contents;
        this.id = id;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.release = release;
    }

    @Override
    public List<UUID> directoryIds() {
        return List.of(id);
    }

    @Override
    public List<UUID> failedDirectoryIds() {
        return List.of();
    }

    @Override
    public Set<String> clusterIds() {
        return contents.clusterId().map(Set::of).orElse(Set.of());
    }

    @Override
    public void noteCluster(String clusterId) {
        contents.noteCluster(clusterId);
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        return contents.created();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        return CompletableFuture.completedStage(
                open.computeIfAbsent(id, key -> new MemoryLog(id, config, contents.partition(id), this)));
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        checkOpen();
        var log = open.get(id);
        if (log == null) {
            throw new IllegalStateException("log " + id + " is not open");
        }
        log.configure(config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        checkOpen();
        logs.forEach(log -> ((MemoryLog) log).commit());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        checkOpen();
        return new HeapCheckpoints(contents.partition(id));
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        var log = open.get(id);
        if (log != null) {
            log.close();
        }
        contents.remove(id);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open.values().forEach(MemoryLog::close);
            release.run();
        }
    }

    void closed(MemoryLog log) {
        open.remove(log.id(), log);
    }

    long nowMillis() {
        return clock.millis();
    }

    /** Refuses what does not fit; appends that race for the last bytes may both pass. */
    void checkRoomFor(List<Batch> batches) {
        var bytes =
                batches.stream().mapToLong(batch -> batch.bytes().remaining()).sum();
        if (contents.usedBytes() + bytes > maxBytes) {
            throw new StorageException.Full(
                    "append of " + bytes + " bytes refused: " + contents.usedBytes() + " of at most " + maxBytes
                            + " bytes are used, see " + MemoryStorage.MAX_BYTES.name(),
                    null);
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("memory storage is closed");
        }
    }

    private record HeapCheckpoints(MemoryPartition partition) implements Checkpoints {

        @Override
        public CompletionStage<Void> save(Checkpoint checkpoint) {
            partition.save(checkpoint.copy());
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
            return CompletableFuture.completedStage(partition.latestCheckpoint(name, atMost));
        }

        @Override
        public CompletionStage<Void> removeAbove(long offset) {
            partition.removeCheckpointsAbove(offset);
            return CompletableFuture.completedStage(null);
        }
    }
}
