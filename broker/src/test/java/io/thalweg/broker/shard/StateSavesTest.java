package io.thalweg.broker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.partition.Acks;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.OwnThread;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StateSavesTest {

    private static final int BATCH_BYTES = 1 << 20;
    private static final int ENOUGH_BATCHES = (int) (StateSaves.GROWTH_BYTES / BATCH_BYTES);

    private final SystemClock clock = new SystemClock();
    private final HeldSaves engine = new HeldSaves(new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    clock,
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1))));
    private final Shard shard = new Shard(
            0,
            64,
            new OwnThread(new DaemonThreads("shard-under-test"), new BlockingWaitStrategy()),
            engine,
            clock,
            ShardListener.NONE);
    private final PartitionHost host =
            new PartitionHost(shard, engine, clock, ReplicationPorts.alone(LeadershipListener.NONE));
    private final Partition partition = new Partition(new LogId("orders", new UUID(1, 2), 0), 0, TopicTraffic.NONE);

    @BeforeEach
    void lead() {
        shard.start();
        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 0, new Assignment(List.of(1), List.of(1), 0), 1)));
    }

    @AfterEach
    void close() {
        shard.close();
        engine.close();
    }

    @Test
    void logThatHasGrownMuchIsSavedAsFarAsItGoes() {
        append(ENOUGH_BATCHES);

        saveGrown();

        assertThat(engine.underWay)
                .singleElement()
                .satisfies(save -> assertThat(save.checkpoint.offset()).isEqualTo(ENOUGH_BATCHES));
    }

    @Test
    void logThatHasGrownLittleSinceItWasSavedIsLeft() {
        append(ENOUGH_BATCHES);
        saveGrown();
        engine.completeAll();

        append(ENOUGH_BATCHES / 2);
        saveGrown();

        assertThat(engine.underWay).isEmpty();
    }

    @Test
    void savesOfOnePartitionComeOneAtATime() {
        append(ENOUGH_BATCHES);
        saveGrown();
        append(ENOUGH_BATCHES);
        saveGrown();
        assertThat(engine.underWay).hasSize(1);

        engine.completeAll();
        onShard();
        saveGrown();

        assertThat(engine.underWay)
                .singleElement()
                .satisfies(save -> assertThat(save.checkpoint.offset()).isEqualTo(2L * ENOUGH_BATCHES));
    }

    @Test
    void partitionIsGivenUpOnceItsSaveIsThrough() {
        append(ENOUGH_BATCHES);
        saveGrown();

        var given = host.giveUp(partition, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "deleted by the test")
                .toCompletableFuture();
        onShard();
        assertThat(given).isNotDone();

        engine.completeAll();
        join(given);
    }

    private void append(int batches) {
        for (var i = 0; i < batches; i++) {
            var answered = new CompletableFuture<Void>();
            var builder = new RecordBatchBuilder(2 * BATCH_BYTES);
            builder.append(clock.millis(), null, ByteBuffer.allocate(BATCH_BYTES));
            var batch = builder.build();
            var append = new PendingAppend(partition, RecordBatch.at(batch, batch.position()), batch);
            var group = new AppendGroup(
                    List.of(append), Acks.LEADER, Long.MAX_VALUE, replies, () -> answered.complete(null), () -> {});
            assertThat(shard.tryPublish(group)).isTrue();
            join(answered);
            assertThat(append.result().error()).isEqualTo(ErrorCode.NONE);
        }
    }

    private void saveGrown() {
        host.saveGrown();
        // The save begins at the end of a turn, which the first task may share.
        onShard();
        onShard();
    }

    private void onShard() {
        var done = new CompletableFuture<Void>();
        shard.execute(() -> done.complete(null));
        join(done);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private final EventLoop replies = new EventLoop() {
        @Override
        public boolean isCurrent() {
            return false;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    };

    /** An engine whose saves complete when the test says so. */
    private static final class HeldSaves implements StorageEngine {

        private final StorageEngine inner;
        final Queue<Save> underWay = new ConcurrentLinkedQueue<>();

        record Save(Checkpoint checkpoint, CompletableFuture<Void> done) {}

        HeldSaves(StorageEngine inner) {
            this.inner = inner;
        }

        /** Also the saves that begin when another completes. */
        void completeAll() {
            for (var save = underWay.poll(); save != null; save = underWay.poll()) {
                save.done.complete(null);
            }
        }

        @Override
        public Checkpoints checkpoints(LogId id) {
            var checkpoints = inner.checkpoints(id);
            return new Checkpoints() {
                @Override
                public CompletionStage<Void> save(Checkpoint checkpoint) {
                    var save = new Save(checkpoint, new CompletableFuture<>());
                    underWay.add(save);
                    return save.done;
                }

                @Override
                public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
                    return checkpoints.latest(name, atMost);
                }

                @Override
                public CompletionStage<Void> removeAbove(long offset) {
                    return checkpoints.removeAbove(offset);
                }
            };
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
            return inner.commit(logs);
        }

        @Override
        public CompletionStage<Void> delete(LogId id) {
            return inner.delete(id);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
