package io.thalweg.broker.request;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An engine whose commits and reads wait while the test holds them. Any thread. */
public final class GatedEngine implements StorageEngine {

    private final StorageEngine engine;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final ArrayDeque<Runnable> heldReads = new ArrayDeque<>();
    private boolean isHolding;
    private boolean isHoldingReads;
    private volatile boolean gatesReads;
    private volatile boolean refusesRolls;
    private volatile boolean refusesOpens;
    private volatile boolean isBusyOpening;
    private volatile boolean isBusyReading;
    private volatile boolean refusesCommits;
    private volatile boolean throwsOnCommit;
    private volatile boolean refusesTruncations;
    private volatile String withoutCheckpoints = "";
    private volatile String withoutSegments = "";
    private volatile CompletionStage<Void> truncationGate = CompletableFuture.completedFuture(null);
    private volatile Consumer<List<Batch>> whenAppending = batches -> {};

    public GatedEngine(StorageEngine engine) {
        this.engine = engine;
    }

    /** From now on logs cannot be opened, as if their disk were gone. */
    void refuseOpens() {
        refusesOpens = true;
    }

    /** Whether logs cannot be opened for the moment. */
    public void busyOpening(boolean isBusyNow) {
        isBusyOpening = isBusyNow;
    }

    /** Whether logs that can be told to wait with reads cannot be read for the moment. */
    public void busyReading(boolean isBusyNow) {
        isBusyReading = isBusyNow;
    }

    /** Logs opened from now on cannot be rolled, as if their disk were full. */
    void refuseRolls() {
        refusesRolls = true;
    }

    /** From now on this hears, first, of what logs that can be told to wait with reads are to append. */
    public void whenAppending(Consumer<List<Batch>> appending) {
        whenAppending = appending;
    }

    /** Whether logs that can be told to wait with reads find no room for a truncation. */
    public void refuseTruncations(boolean refusesNow) {
        refusesTruncations = refusesNow;
    }

    /** Truncations of logs that can be told to wait with reads begin once this has completed. */
    public void truncateAfter(CompletionStage<Void> gate) {
        truncationGate = gate;
    }

    /** From now on nothing can be made durable. */
    void refuseCommits() {
        refusesCommits = true;
    }

    /** From now on commits throw, which no engine may do. */
    void throwOnCommit(boolean throwsNow) {
        throwsOnCommit = throwsNow;
    }

    /** From now on it throws when it is asked for the checkpoints of a topic's logs, which no engine may do. */
    void throwOnCheckpoints(String topic) {
        withoutCheckpoints = topic;
    }

    /** The same of the segments of its logs that cannot be rolled. */
    void throwOnSegments(String topic) {
        withoutSegments = topic;
    }

    synchronized void holdCommits() {
        isHolding = true;
    }

    synchronized int heldCount() {
        return held.size();
    }

    void releaseCommits() {
        List<Runnable> due;
        synchronized (this) {
            isHolding = false;
            due = List.copyOf(held);
            held.clear();
        }
        due.forEach(Runnable::run);
    }

    /** Logs opened from now on can be told to wait with reads; they have no segments. */
    public void gateReads() {
        gatesReads = true;
    }

    /** From now on reads have to wait, as for a disk. */
    synchronized void holdReads() {
        isHoldingReads = true;
    }

    synchronized int heldReadCount() {
        return heldReads.size();
    }

    void releaseReads() {
        List<Runnable> due;
        synchronized (this) {
            isHoldingReads = false;
            due = List.copyOf(heldReads);
            heldReads.clear();
        }
        due.forEach(Runnable::run);
    }

    private synchronized <T> CompletionStage<T> gated(Supplier<CompletionStage<T>> read) {
        if (!isHoldingReads) {
            return read.get();
        }
        var released = new CompletableFuture<Void>();
        heldReads.add(() -> released.complete(null));
        return released.thenCompose(now -> read.get());
    }

    private static PartitionLog ungated(PartitionLog log) {
        return log instanceof GatedLog gated ? gated.log : log;
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        var done = new CompletableFuture<Void>();
        if (throwsOnCommit) {
            throw new IllegalArgumentException("wanted by the test");
        }
        if (refusesCommits) {
            return CompletableFuture.failedFuture(new StorageException.Offline("no commits in this test", null));
        }
        Runnable commit =
                () -> engine.commit(logs.stream().map(GatedEngine::ungated).toList())
                        .whenComplete((nothing, failure) -> {
                            if (failure == null) {
                                done.complete(null);
                            } else {
                                done.completeExceptionally(failure);
                            }
                        });
        synchronized (this) {
            if (isHolding) {
                held.add(commit);
                return done;
            }
        }
        commit.run();
        return done;
    }

    @Override
    public List<LogId> logs() {
        return engine.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        if (isBusyOpening) {
            return CompletableFuture.failedFuture(new StorageException.Busy("no opens at the moment in this test"));
        }
        return refusesOpens
                ? CompletableFuture.failedFuture(new StorageException.Offline("no opens in this test", null))
                : engine.open(id, config).thenApply(log -> wrapped(id, log));
    }

    private PartitionLog wrapped(LogId id, PartitionLog log) {
        if (refusesRolls && log instanceof SegmentedLog segmented) {
            return new UnrolledLog(id, segmented);
        }
        return gatesReads ? new GatedLog(log) : log;
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        engine.configure(id, config);
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        if (id.topic().equals(withoutCheckpoints)) {
            throw new IllegalStateException("wanted by the test");
        }
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

    private class GatedLog implements PartitionLog {

        private final PartitionLog log;

        GatedLog(PartitionLog log) {
            this.log = log;
        }

        @Override
        public void append(List<Batch> batches) {
            whenAppending.accept(batches);
            log.append(batches);
        }

        @Override
        public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
            return isBusyReading
                    ? CompletableFuture.failedFuture(new StorageException.Busy("no reads at the moment in this test"))
                    : gated(() -> log.read(from, upTo, maxBytes));
        }

        @Override
        public CompletionStage<OptionalLong> find(long timestamp) {
            return log.find(timestamp);
        }

        @Override
        public CompletionStage<Void> truncateTo(long endOffset) {
            return refusesTruncations
                    ? CompletableFuture.failedFuture(new StorageException.Full("no truncations in this test", null))
                    : truncationGate.thenCompose(now -> log.truncateTo(endOffset));
        }

        @Override
        public CompletionStage<Void> advanceStart(long startOffset) {
            return log.advanceStart(startOffset);
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

    /** A log on a disk without room for one more segment. */
    private final class UnrolledLog extends GatedLog implements SegmentedLog {

        private final LogId id;
        private final SegmentedLog log;

        UnrolledLog(LogId id, SegmentedLog log) {
            super(log);
            this.id = id;
            this.log = log;
        }

        @Override
        public List<LogSegment> segments() {
            if (id.topic().equals(withoutSegments)) {
                throw new IllegalStateException("wanted by the test");
            }
            return log.segments();
        }

        @Override
        public void roll() {
            throw new StorageException.Full("no rolls in this test", null);
        }

        @Override
        public Replacement replace(long firstOffset, long endOffset) {
            return log.replace(firstOffset, endOffset);
        }
    }
}
