package io.thalweg.simulation.cluster;

import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.QuorumState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A member of the metadata quorum that takes its time for what it proposes, as others have to write it first: meanwhile another may come
 * to lead, and a proposer that leads no more may not be told what has become of it. Owned by the scheduler.
 */
final class SimulatedVoter implements MetadataLog {

    private static final String MARK = "the leadership ended before the proposal did";
    private static final int TYPICAL_NANOS = (int) TimeUnit.MILLISECONDS.toNanos(4);
    private static final int SLOWEST_NANOS = (int) TimeUnit.MILLISECONDS.toNanos(500);

    /** One of so many proposals takes much longer than the others. */
    private static final int SLOW = 16;

    private final MetadataLog inner;
    private final SimulatedCluster cluster;
    private final SimulatedProcess process;
    private final List<CompletableFuture<Long>> pending = new ArrayList<>();

    SimulatedVoter(MetadataLog inner, SimulatedCluster cluster, SimulatedProcess process) {
        this.inner = inner;
        this.cluster = cluster;
        this.process = process;
    }

    /** Whether a failure of this text is that of a proposal of which nobody knows what has become. */
    static boolean isNamedIn(String text) {
        return text.contains(MARK);
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        var stage = new CompletableFuture<Long>();
        pending.add(stage);
        later(() -> {
            if (!stage.isDone()) {
                commit(leaderEpoch, records, stage);
            }
        });
        return stage;
    }

    private void commit(int leaderEpoch, List<ByteBuffer> records, CompletableFuture<Long> stage) {
        var isLeadershipLost = cluster.takeDoubt();
        var proposed = inner.propose(leaderEpoch, records);
        if (isLeadershipLost) {
            cluster.quorum().resign();
        }
        proposed.whenComplete((offset, failure) -> {
            if (failure == null && !isLeadershipLost) {
                end(stage, () -> stage.complete(offset));
            } else if (failure != null && cluster.scheduler().random().nextBoolean()) {
                end(stage, () -> stage.completeExceptionally(failure));
            } else {
                later(() -> end(stage, () -> stage.completeExceptionally(new IllegalStateException(MARK))));
            }
        });
    }

    private void end(CompletableFuture<Long> stage, Runnable completion) {
        pending.removeIf(each -> each == stage);
        completion.run();
    }

    private void later(Runnable task) {
        var random = cluster.scheduler().random();
        process.timers().schedule(random.nextInt(random.nextInt(SLOW) == 0 ? SLOWEST_NANOS : TYPICAL_NANOS), task);
    }

    @Override
    public void subscribe(MetadataListener listener) {
        inner.subscribe(listener);
    }

    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        return inner.snapshot(endOffset, records);
    }

    @Override
    public CompletionStage<Long> barrier() {
        return inner.barrier();
    }

    @Override
    public QuorumState quorum() {
        return inner.quorum();
    }

    @Override
    public void close() {
        inner.close();
        var unfinished = List.copyOf(pending);
        pending.clear();
        unfinished.forEach(stage -> stage.completeExceptionally(new IllegalStateException(MARK)));
    }
}
