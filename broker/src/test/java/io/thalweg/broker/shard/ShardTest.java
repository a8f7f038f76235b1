package io.thalweg.broker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.OwnThread;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ShardTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Shard shard = new Shard(
            0,
            4,
            new OwnThread(new DaemonThreads("shard-under-test"), new BlockingWaitStrategy()),
            new NoEngine(),
            new SystemClock(),
            ShardListener.NONE);

    @AfterEach
    void closeShard() {
        shard.close();
    }

    @Test
    void tasksRunInOrderOnTheShard() {
        shard.start();
        var ran = new ArrayList<Integer>();
        for (var i = 0; i < 1_000; i++) {
            var number = i;
            shard.execute(() -> {
                assertThat(shard.isCurrent()).isTrue();
                ran.add(number);
            });
        }

        onShard(() -> {});

        assertThat(ran).hasSize(1_000).isSorted();
    }

    @Test
    void nobodyWaitsForAFullRing() {
        shard.start();
        var blocked = new CountDownLatch(1);
        shard.execute(() -> await(blocked));
        var ran = new ArrayList<Integer>();

        for (var i = 0; i < 100; i++) {
            var number = i;
            shard.execute(() -> ran.add(number));
        }
        assertThat(shard.isCurrent()).isFalse();
        blocked.countDown();
        onShard(() -> {});

        assertThat(ran).hasSize(100).isSorted();
    }

    @Test
    void aTaskThatThrowsDoesNotStopTheShard() {
        shard.start();
        shard.execute(() -> {
            throw new IllegalStateException("wanted by the test");
        });

        assertThat(onShard(() -> {})).isTrue();
    }

    @Test
    void whatATaskHandsItsOwnShardRunsInTheSameTurn() {
        shard.start();
        var ran = new ArrayList<String>();
        shard.execute(() -> {
            shard.execute(() -> ran.add("inner"));
            ran.add("outer");
        });

        // The first may share the turn, at whose end the inner task runs; the second comes after it.
        onShard(() -> {});
        onShard(() -> {});

        assertThat(ran).containsExactly("outer", "inner");
    }

    /**
     * What comes at the very end of a turn finds the ring as full as the turn found it. If the turn were the whole ring, nothing would be
     * left to wake the shard for it.
     */
    @Test
    void aTaskThatComesAtTheEndOfATurnOfAFullRingRuns() {
        var ran = new CompletableFuture<Boolean>();
        var endOfTurn = new CallingLoop(() -> executeElsewhere(() -> ran.complete(true)));
        for (var slot = 0; slot < shard.ringSlots(); slot++) {
            shard.execute(() -> shard.outbox().add(endOfTurn, () -> {}));
        }

        shard.start();

        assertThat(ran).succeedsWithin(LIMIT);
    }

    /** Hands the task over from another thread, and waits until that is done. */
    private void executeElsewhere(Runnable task) {
        CompletableFuture.runAsync(() -> shard.execute(task), elsewhere -> new Thread(elsewhere, "elsewhere").start())
                .join();
    }

    /** An event loop that is handed something once a turn. */
    private record CallingLoop(Runnable whenHanded) implements EventLoop {

        @Override
        public void execute(Runnable task) {
            whenHanded.run();
        }

        @Override
        public boolean isCurrent() {
            return false;
        }
    }

    private boolean onShard(Runnable task) {
        var done = new CompletableFuture<Boolean>();
        shard.execute(() -> {
            task.run();
            done.complete(true);
        });
        return done.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An engine nobody calls. */
    private static final class NoEngine implements StorageEngine {

        @Override
        public List<LogId> logs() {
            return List.of();
        }

        @Override
        public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void configure(LogId id, LogConfig config) {}

        @Override
        public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Checkpoints checkpoints(LogId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> delete(LogId id) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
