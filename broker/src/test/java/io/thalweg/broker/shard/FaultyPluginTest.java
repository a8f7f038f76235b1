package io.thalweg.broker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.partition.Acks;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Following;
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
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plug-in throws that the SPI does not know takes the partition out of use that it was asked about, and nothing else. */
final class FaultyPluginTest {

    private static final Assignment WITH_ANOTHER = new Assignment(List.of(1, 2), List.of(1), 0);

    /** The methods, of the engine and of all that it gives, that go wrong. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /** How many calls of them go well before. */
    private final AtomicInteger goodCalls = new AtomicInteger();

    private volatile Fault fault = Fault.EXCEPTION;
    private final StorageEngine memory = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    new SystemClock(),
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final StorageEngine engine = faulty(StorageEngine.class, memory);
    private final Shard shard = new Shard(
            0,
            64,
            new OwnThread(new DaemonThreads("shard-under-test"), new BlockingWaitStrategy()),
            engine,
            new SystemClock(),
            ShardListener.NONE);
    private final PartitionHost host = new PartitionHost(
            shard,
            engine,
            new SystemClock(),
            new ReplicationPorts(LeadershipListener.NONE, new Followers(), IsrRequests.NONE, Long.MAX_VALUE));
    private final Queue<FollowerPartition> followers = new ConcurrentLinkedQueue<>();
    private final Partition partition = partition(0);
    private final Partition other = partition(1);

    private static Partition partition(int number) {
        return new Partition(new LogId("orders", new UUID(1, 2), number), 0, TopicTraffic.NONE);
    }

    private final class Followers implements FollowingListener {
        @Override
        public void began(PartitionHost host, FollowerPartition follower) {
            followers.add(follower);
        }

        @Override
        public void ended(FollowerPartition follower) {}
    }

    /** How a plug-in goes wrong. */
    enum Fault {
        EXCEPTION,
        IO,
        ERROR,
        ASSERTION,
        FAILED_STAGE,
        STAGE_WITH_ERROR,
        NO_STAGE;

        /** What comes in place of the real answer; where a method gives no stage it is thrown. */
        @Nullable Object commit(Method method) throws Throwable {
            var failure = switch (this) {
                case IO -> new UncheckedIOException(new IOException("wanted by the test"));
                case ERROR, STAGE_WITH_ERROR -> new StackOverflowError("wanted by the test");
                case ASSERTION -> new AssertionError("wanted by the test");
                case EXCEPTION, FAILED_STAGE, NO_STAGE -> new IllegalStateException("wanted by the test");
            };
            var isStage = method.getReturnType() == CompletionStage.class;
            if (isStage && this == NO_STAGE) {
                return null;
            }
            if (isStage && (this == FAILED_STAGE || this == STAGE_WITH_ERROR)) {
                CompletionStage<Object> failed = CompletableFuture.failedFuture(failure);
                return failed;
            }
            throw failure;
        }
    }

    private void fail(Fault how, String... methods) {
        failAfter(0, how, methods);
    }

    private void failAfter(int calls, Fault how, String... methods) {
        fault = how;
        goodCalls.set(calls);
        failing.addAll(List.of(methods));
    }

    private <T> T faulty(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Faulty(real)));
    }

    private final class Faulty implements InvocationHandler {

        private final Object real;

        Faulty(Object real) {
            this.real = real;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
            if (failing.contains(method.getName()) && goodCalls.getAndDecrement() <= 0) {
                return fault.commit(method);
            }
            if (method.getName().equals("commit")) {
                return memory.commit(realLogs((Collection<?>) Objects.requireNonNull(args)[0]));
            }
            try {
                return wrapped(method.invoke(real, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private @Nullable Object wrapped(@Nullable Object given) {
            if (given instanceof Checkpoints checkpoints) {
                return faulty(Checkpoints.class, checkpoints);
            }
            return given instanceof CompletionStage<?> stage
                    ? stage.thenApply(
                            value -> value instanceof PartitionLog log ? faulty(PartitionLog.class, log) : value)
                    : given;
        }

        private static List<PartitionLog> realLogs(Collection<?> logs) {
            return logs.stream()
                    .map(log -> (PartitionLog) ((Faulty) Proxy.getInvocationHandler(log)).real)
                    .toList();
        }
    }

    @BeforeEach
    void lead() {
        shard.start();
        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 0, WITH_ANOTHER, 1)));
        assertThat(append(partition)).isEqualTo(ErrorCode.NONE);
    }

    @AfterEach
    void close() {
        failing.clear();
        shard.close();
        engine.close();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private ErrorCode append(Partition to) {
        var builder = new RecordBatchBuilder(1 << 10);
        builder.append(1, null, ByteBuffer.allocate(4));
        var bytes = builder.build();
        var append = new PendingAppend(to, RecordBatch.at(bytes, 0), bytes);
        var answered = new CompletableFuture<Void>();
        shard.tryPublish(new AppendGroup(
                List.of(append), Acks.ALL, Long.MAX_VALUE, shard, () -> answered.complete(null), () -> {}));
        join(answered);
        return append.result().error();
    }

    /** Its shard goes on with the partitions of logs that work. */
    private void assertOnlyOneIsOffline() {
        assertThat(partition.isOffline()).isTrue();
        failing.clear();
        join(host.lead(other, LogConfig.DEFAULT, new Leading(1, 0, WITH_ANOTHER, 1)));
        assertThat(append(other)).isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void aLogThatCannotAppendGoesOffline(Fault how) {
        fail(how, "append", "offsets");

        assertThat(append(partition)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        assertOnlyOneIsOffline();
    }

    @ParameterizedTest
    @EnumSource
    void aLogThatCannotBeMadeDurableGoesOffline(Fault how) {
        fail(how, "commit", "offsets");

        assertThat(append(partition)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        assertOnlyOneIsOffline();
    }

    @ParameterizedTest
    @EnumSource
    void aLogThatCannotBeUsedIsMissedThoughNobodyUsesIt(Fault how) {
        fail(how, "commit");

        host.checkLogs();

        Awaitility.await().until(partition::isOffline);
        assertOnlyOneIsOffline();
    }

    @ParameterizedTest
    @EnumSource
    void aRoleWhoseLogCannotBeOpenedOrReadFails(Fault how) {
        join(host.giveUp(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, "the test wants it"));
        fail(how, "open");
        assertThatThrownBy(() -> join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 1, WITH_ANOTHER, 1))));
        assertThat(partition.isOffline()).isTrue();
        failing.clear();
        fail(how, "offsets", "read", "find", "checkpoints");

        assertThatThrownBy(() -> join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 2, WITH_ANOTHER, 1))));

        assertOnlyOneIsOffline();
    }

    /** After so many good calls a log is led or, if it takes fewer, out of use; nobody waits, and the next epoch finds nothing of it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void aRoleBeginsOrFailsWheneverItsLogThrows(int calls) {
        join(host.giveUp(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, "the test wants it"));
        failAfter(calls, Fault.EXCEPTION, "offsets");

        var isLed = join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 1, WITH_ANOTHER, 1))
                .handle((nothing, failure) -> failure == null));

        assertThat(partition.isLed()).isEqualTo(isLed);
        assertThat(partition.isOffline()).isNotEqualTo(isLed);
        var leaders = new ArrayList<Partition>();
        join(host.visit((seen, leader) -> leaders.add(seen)));
        assertThat(leaders.contains(partition)).isEqualTo(isLed);
        failing.clear();
        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 2, WITH_ANOTHER, 1)));
        assertThat(append(partition)).isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aFollowerWhoseLogThrowsAfterItWasCutGoesOffline(int calls) {
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        var follower = followers.remove();
        var settled = new CompletableFuture<Void>();
        failAfter(calls, Fault.EXCEPTION, "offsets");

        shard.execute(() -> {
            follower.whenSettled(() -> settled.complete(null));
            host.cut(follower, 0);
        });
        join(settled);
        join(host.visit((seen, leader) -> {}));

        assertOnlyOneIsOffline();
    }

    @ParameterizedTest
    @EnumSource
    void whoHasTheStartMovedIsAnsweredThoughTheLogThrowsThen(Fault how) {
        fail(how, "offsets");

        assertThat(join(host.advanceStart(partition, 1))).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatItTakesToStopEndsThoughNothingCanBeSaved(Fault how) {
        join(host.lead(other, LogConfig.DEFAULT, new Leading(1, 0, WITH_ANOTHER, 1)));
        fail(how, "checkpoints", "save");

        join(host.suspend(other, "the test wants it"));
        join(host.close());
    }

    @ParameterizedTest
    @EnumSource
    void settingsOfTheBrokerHoldThoughTheLogTakesNone(Fault how) {
        fail(how, "configure");

        host.configure(partition, LogConfig.DEFAULT, 2);

        assertThat(append(partition)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    }
}
