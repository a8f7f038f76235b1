package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** An engine around another, which gets all calls that are not answered otherwise. Owned by the scheduler. */
class ForwardingEngine implements SegmentedEngine, DirectoryOwner {

    private final SegmentedEngine inner;

    ForwardingEngine(SegmentedEngine inner) {
        this.inner = inner;
    }

    @Override
    public List<LogId> logs() {
        return inner.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        return inner.open(id, config);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        inner.configure(id, config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        return inner.commit(logs.stream().map(ForwardingEngine::innerOf).toList());
    }

    private static PartitionLog innerOf(PartitionLog log) {
        return log instanceof ForwardingLog forwarding ? forwarding.inner() : log;
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
    public List<UUID> directoryIds() {
        return ((DirectoryOwner) inner).directoryIds();
    }

    @Override
    public List<UUID> failedDirectoryIds() {
        return ((DirectoryOwner) inner).failedDirectoryIds();
    }

    @Override
    public void close() {
        inner.close();
    }
}
