package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An engine with whims, as its logs have. Owned by the scheduler. */
final class FickleEngine extends ForwardingEngine {

    private final Whims whims;
    private final PluginFaults faults;
    private final Map<LogId, FickleLog> open = new HashMap<>();

    FickleEngine(SegmentedEngine inner, Whims whims, PluginFaults faults) {
        super(inner);
        this.whims = whims;
        this.faults = faults;
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        var known = open.get(id);
        if (known != null && known.isLost()) {
            return CompletableFuture.failedStage(known.offline());
        }
        return whims.change(id, () -> faults.ask(id.toString(), () -> super.open(id, config)))
                .thenApply(log -> fickle(id, (SegmentedLog) log));
    }

    /** The same for the same. */
    private FickleLog fickle(LogId id, SegmentedLog log) {
        var known = open.get(id);
        if (known != null && known.inner() == log) {
            return known;
        }
        var opened = new FickleLog(id, log, whims, faults);
        open.put(id, opened);
        return opened;
    }

    /** One that fails is final for the logs it covers. */
    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        var covered = logs.stream().map(FickleLog.class::cast).toList();
        var lost = covered.stream().filter(FickleLog::isLost).findFirst();
        if (lost.isPresent()) {
            covered.forEach(FickleLog::lose);
            return CompletableFuture.failedStage(lost.get().offline());
        }
        try {
            return faults.tell(covered.toString(), () -> super.commit(logs))
                    .whenComplete((done, failure) -> loseAfter(failure, covered));
        } catch (RuntimeException | Error e) {
            covered.forEach(FickleLog::lose);
            throw e;
        }
    }

    private static void loseAfter(@Nullable Throwable failure, List<FickleLog> covered) {
        if (failure != null) {
            covered.forEach(FickleLog::lose);
        }
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        return new FickleCheckpoints(id.toString(), super.checkpoints(id), faults);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        open.remove(id);
        return faults.tell(id.toString(), () -> super.delete(id));
    }

    @Override
    public void close() {
        whims.end();
        super.close();
    }
}
