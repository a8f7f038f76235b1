package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** An engine with whims, as its logs have. Owned by the scheduler. */
final class FickleEngine implements SegmentedEngine, DirectoryOwner {

    private final SegmentedEngine inner;
    private final Whims whims;
    private final Map<LogId, FickleLog> open = new HashMap<>();

    FickleEngine(SegmentedEngine inner, Whims whims) {
        this.inner = inner;
        this.whims = whims;
    }

    @Override
    public List<LogId> logs() {
        return inner.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        return whims.change(id, () -> inner.open(id, config)).thenApply(log -> fickle(id, (SegmentedLog) log));
    }

    /** The same for the same. */
    private FickleLog fickle(LogId id, SegmentedLog log) {
        var known = open.get(id);
        if (known != null && known.inner() == log) {
            return known;
        }
        var opened = new FickleLog(id, log, whims);
        open.put(id, opened);
        return opened;
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        inner.configure(id, config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        return inner.commit(logs.stream().map(log -> ((FickleLog) log).inner()).toList());
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        return inner.checkpoints(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        open.remove(id);
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
        whims.end();
        inner.close();
    }
}
