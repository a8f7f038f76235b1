package io.thalweg.simulation.check;

import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** An engine with whims, as its logs have. Owned by the scheduler. */
final class FickleEngine extends ForwardingEngine {

    private final Whims whims;
    private final Map<LogId, FickleLog> open = new HashMap<>();

    FickleEngine(SegmentedEngine inner, Whims whims) {
        super(inner);
        this.whims = whims;
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        return whims.change(id, () -> super.open(id, config)).thenApply(log -> fickle(id, (SegmentedLog) log));
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
    public CompletionStage<Void> delete(LogId id) {
        open.remove(id);
        return super.delete(id);
    }

    @Override
    public void close() {
        whims.end();
        super.close();
    }
}
