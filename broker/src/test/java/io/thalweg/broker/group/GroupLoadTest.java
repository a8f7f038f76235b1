package io.thalweg.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.group.GroupConfig;
import io.thalweg.coordinator.group.GroupCoordinator;
import io.thalweg.coordinator.group.GroupLog;
import io.thalweg.coordinator.group.GroupRecord;
import io.thalweg.coordinator.group.GroupRuntime;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GroupLoadTest {

    private static final Clock CLOCK = new Clock() {
        @Override
        public long millis() {
            return 1_000;
        }

        @Override
        public long nanos() {
            return 0;
        }
    };

    private static final Timers TIMERS = (delayNanos, task) -> () -> {};

    /** Whoever runs is on it. */
    private static final EventLoop LOOP = new EventLoop() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }
    };

    private static final GroupLog NOT_WRITTEN = new GroupLog() {
        @Override
        public CompletionStage<Void> append(List<GroupRecord> records) {
            throw new AssertionError("a coordinator that is being loaded writes nothing");
        }

        @Override
        public boolean isSafe() {
            return true;
        }
    };

    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    CLOCK,
                    TIMERS,
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final PartitionLog log = engine.open(new LogId(OffsetsTopic.NAME, new UUID(1, 2), 0), LogConfig.DEFAULT)
            .toCompletableFuture()
            .join();

    @AfterEach
    void close() {
        engine.close();
    }

    private void append(long baseOffset, int records) {
        var builder = new RecordBatchBuilder(1 << 16).baseOffset(baseOffset).leaderEpoch(1);
        for (var i = 0; i < records; i++) {
            builder.append(1_000, null, ByteBuffer.allocate(1));
        }
        log.append(List.of(new Batch(builder.build(), baseOffset, baseOffset + records - 1, 1, 1_000)));
    }

    private CompletableFuture<Long> load(Executor worker) {
        return load(log, worker);
    }

    private static CompletableFuture<Long> load(PartitionLog from, Executor worker) {
        var runtime = new GroupRuntime(LOOP, CLOCK, TIMERS, new Random(1), () -> MetadataImage.EMPTY);
        var coordinator = new GroupCoordinator(runtime, GroupConfig.defaults(), NOT_WRITTEN);
        return GroupLoad.of(from, coordinator, worker).toCompletableFuture();
    }

    @Test
    void logMayEndInAGap() {
        append(0, 3);
        append(8, 1);
        log.truncateTo(6).toCompletableFuture().join();

        var loaded = load(Runnable::run);

        assertThat(loaded).isCompletedWithValue(6L);
    }

    @Test
    void whatIsReadAtOnceIsReplayedOnTheWorkerAllTheSame() {
        append(0, 3);
        var tasks = new ArrayDeque<Runnable>();

        var loaded = load(tasks::add);

        assertThat(loaded).isNotDone();
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertThat(loaded).isCompletedWithValue(3L);
    }

    /** Whoever loads tries again after a failure, and only then. */
    @Test
    void aLogThatThrowsIsOneThatCannotBeLoadedNow() {
        var throwing = (PartitionLog) Proxy.newProxyInstance(
                PartitionLog.class.getClassLoader(), new Class<?>[] {PartitionLog.class}, (proxy, method, args) -> {
                    throw new IllegalStateException("wanted by the test");
                });

        assertThat(load(throwing, Runnable::run)).isCompletedExceptionally();
    }
}
