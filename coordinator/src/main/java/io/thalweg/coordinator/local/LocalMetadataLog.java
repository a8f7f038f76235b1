package io.thalweg.coordinator.local;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A metadata log with one member: a log of the storage engine, led at once and under a new epoch each time it is opened.
 *
 * <p><b>Threads.</b> Any thread may call. Everything happens on the event loop, where the listener is called and stages complete.
 *
 * <p><b>Ordering.</b> An entry is committed when it is synced. Its offset is that of its last record. A snapshot is kept as a checkpoint;
 * the log keeps the entries after the snapshot before it, in case the newer one is found damaged.
 *
 * <p><b>Errors.</b> An entry that the engine did not take is not in the log, and the next leadership says so. One that could not be synced
 * is in doubt: the log then has no leader any more.
 *
 * <p><b>Close.</b> Closes the log, not the engine.
 */
public final class LocalMetadataLog implements MetadataLog {

    /** Where it is kept; no topic may have this name. */
    public static final LogId ID = new LogId("__thalweg_metadata", new UUID(0, 1), 0);

    /** Small segments, so that what a snapshot covers is soon given back. */
    private static final LogConfig CONFIG =
            new LogConfig(Durability.FSYNC, 2 * Entry.MAX_BYTES, 7L * 24 * 3600 * 1000, 0, 4096, 1 << 20, false);

    private static final Logger LOG = LoggerFactory.getLogger(LocalMetadataLog.class);

    private final LoopCalls calls;
    private final Clock clock;
    private final StorageEngine engine;
    private final PartitionLog log;
    private final OptionalInt nodeId;

    private final AtomicBoolean isSubscribed = new AtomicBoolean();

    /** What was found at opening; given up once it is told. */
    private @Nullable Recovery recovered;

    private @Nullable MetadataListener listener;
    private volatile Leadership leadership;
    private long nextOffset;
    private volatile long toldOffset;
    private long snapshotOffset;

    /** Barriers asked for before there was a listener. */
    private final List<CompletableFuture<Long>> barriers = new ArrayList<>();

    private LocalMetadataLog(
            StorageEngine engine, PartitionLog log, EventLoop loop, Clock clock, int nodeId, Recovery recovered) {
        this.engine = engine;
        this.log = log;
        this.calls = new LoopCalls(loop, "the metadata log");
        this.clock = clock;
        this.nodeId = OptionalInt.of(nodeId);
        this.recovered = recovered;
        this.leadership = new Leadership(OptionalInt.empty(), recovered.lastEpoch(), false);
        this.nextOffset = recovered.endOffset();
        this.snapshotOffset = recovered.snapshot().map(Snapshot::endOffset).orElse(0L);
    }

    /**
     * Opens the log, creating nothing, and reads what it holds.
     *
     * @param loop owns the log; the same as the controller's, or another
     * @param clock for the timestamps of entries
     * @param nodeId who leads
     */
    public static CompletionStage<LocalMetadataLog> open(
            StorageEngine engine, EventLoop loop, Clock clock, int nodeId) {
        return engine.open(ID, CONFIG)
                .thenCompose(log -> new Recovery(engine, log)
                        .run()
                        .thenApply(recovered -> new LocalMetadataLog(engine, log, loop, clock, nodeId, recovered)));
    }

    @Override
    public void subscribe(MetadataListener newListener) {
        calls.checkOpen();
        if (!isSubscribed.compareAndSet(false, true)) {
            throw new IllegalStateException("the metadata log has a listener already");
        }
        calls.run(() -> tell(newListener));
    }

    /** Tells all that was found at opening, and then leads. */
    private void tell(MetadataListener newListener) {
        var found = Objects.requireNonNull(recovered, "recovered");
        recovered = null;
        listener = newListener;
        found.snapshot().ifPresent(snapshot -> newListener.snapshot(snapshot.endOffset(), snapshot.records()));
        found.entries().forEach(entry -> newListener.committed(entry.offset(), entry.records()));
        toldOffset = found.endOffset();
        lead(nodeId);
        barriers.forEach(stage -> stage.complete(toldOffset));
        barriers.clear();
    }

    private void lead(OptionalInt leader) {
        leadership = new Leadership(leader, leadership.epoch() + 1, leader.isPresent());
        if (listener != null) {
            listener.leadership(leadership);
        }
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        calls.checkOpen();
        if (records.isEmpty()) {
            throw new IllegalArgumentException("proposal without records: expected at least one");
        }
        return calls.call(stage -> append(leaderEpoch, List.copyOf(records), stage));
    }

    private void append(int leaderEpoch, List<ByteBuffer> records, CompletableFuture<Long> stage) {
        if (!leadership.isLocal() || leaderEpoch != leadership.epoch()) {
            stage.completeExceptionally(new NotLeaderException(leaderEpoch, leadership));
            return;
        }
        var entry = new Entry(nextOffset, leaderEpoch, records);
        try {
            log.append(List.of(entry.toBatch(clock.millis())));
        } catch (RuntimeException e) {
            LOG.warn("an entry at offset {} was not taken by the metadata log", nextOffset, e);
            stage.completeExceptionally(e);
            lead(nodeId);
            return;
        }
        nextOffset = entry.offset() + 1;
        // The engine answers in the order it was asked.
        engine.commit(List.of(log)).whenComplete((done, error) -> calls.run(() -> synced(entry, stage, error)));
    }

    private void synced(Entry entry, CompletableFuture<Long> stage, @Nullable Throwable error) {
        if (error != null) {
            LOG.error("the entry at offset {} of the metadata log could not be synced", entry.offset(), error);
            stage.completeExceptionally(error);
            if (leadership.isLocal()) {
                lead(OptionalInt.empty());
            }
            return;
        }
        toldOffset = entry.offset() + 1;
        if (listener != null) {
            listener.committed(
                    entry.offset(),
                    entry.records().stream().map(ByteBuffer::asReadOnlyBuffer).toList());
        }
        stage.complete(entry.offset());
    }

    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        calls.checkOpen();
        return calls.call(stage -> save(endOffset, List.copyOf(records), stage));
    }

    private void save(long endOffset, List<ByteBuffer> records, CompletableFuture<Void> stage) {
        if (endOffset > toldOffset) {
            stage.completeExceptionally(new IllegalArgumentException(
                    "snapshot below offset " + endOffset + " refused: entries are committed up to " + toldOffset));
            return;
        }
        if (endOffset <= snapshotOffset) {
            stage.complete(null);
            return;
        }
        long previous = snapshotOffset;
        snapshotOffset = endOffset;
        engine.checkpoints(ID)
                .save(new Snapshot(endOffset, leadership.epoch(), records).toCheckpoint())
                .thenCompose(saved -> calls.<Void>call(
                        step -> log.advanceStart(previous).whenComplete((done, error) -> end(step, error))))
                .whenComplete((done, error) -> calls.run(() -> end(stage, error)));
    }

    private static void end(CompletableFuture<Void> stage, @Nullable Throwable error) {
        if (error == null) {
            stage.complete(null);
        } else {
            stage.completeExceptionally(error);
        }
    }

    @Override
    public CompletionStage<Long> barrier() {
        calls.checkOpen();
        return calls.call(stage -> {
            if (listener == null) {
                barriers.add(stage);
            } else {
                stage.complete(toldOffset);
            }
        });
    }

    @Override
    public QuorumState quorum() {
        var self = new QuorumState.Member(nodeId.orElseThrow(), toldOffset, clock.millis(), clock.millis());
        return new QuorumState(leadership, toldOffset, List.of(self), List.of());
    }

    @Override
    public void close() {
        calls.close();
        log.close();
    }
}
