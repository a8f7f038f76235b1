package io.thalweg.broker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.request.GatedEngine;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.OwnThread;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Openings of a host on a shard's thread of its own, over memory that is busy while the test says so. */
final class LogOpeningsTest {

    private static final Assignment ALONE = new Assignment(List.of(1), List.of(1), 0);

    private final GatedEngine engine = new GatedEngine(new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    new SystemClock(),
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
            new SystemClock(),
            ShardListener.NONE);
    private final PartitionHost host =
            new PartitionHost(shard, engine, new SystemClock(), ReplicationPorts.alone(LeadershipListener.NONE));

    @BeforeEach
    void start() {
        shard.start();
    }

    @AfterEach
    void close() {
        shard.close();
        engine.close();
    }

    private static Partition partition(int number) {
        return new Partition(new LogId("payments", new UUID(1, 3), number), 0, TopicTraffic.NONE);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Over memory an opening ends on the shard, behind what asked for it. */
    private void retry() {
        host.retryOpenings();
        join(host.visit((seen, leader) -> {}));
        join(host.visit((seen, leader) -> {}));
    }

    @Test
    void aLogThatCannotBeOpenedAtTheMomentIsTriedAgain() {
        var partition = partition(0);
        engine.busyOpening(true);
        join(host.lead(
                partition, LogConfig.DEFAULT, new Leading(1, 0, new Assignment(List.of(1, 2), List.of(1), 0), 1)));
        retry();
        assertThat(partition.isOffline()).isTrue();
        assertThat(partition.isAwaited()).isTrue();
        host.configure(partition, LogConfig.DEFAULT, 2);
        engine.busyOpening(false);

        retry();

        assertThat(partition.isLed()).isTrue();
        assertThat(partition.isAwaited()).isFalse();
        boolean isEnough =
                join(host.ask(partition, leader -> leader.maximalIsr().isEnough()));
        assertThat(isEnough).isFalse();
    }

    @Test
    void whatIsPutOffIsTriedSomeAtATimeAndAllInTurn() {
        engine.busyOpening(true);
        var partitions = new ArrayList<Partition>();
        for (var number = 0; number < LogOpenings.MAX_RETRIES_UNDER_WAY + 10; number++) {
            var partition = partition(number);
            join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 0, ALONE, 1)));
            partitions.add(partition);
        }
        retry();
        engine.busyOpening(false);

        retry();
        assertThat(partitions).filteredOn(Partition::isLed).hasSize(LogOpenings.MAX_RETRIES_UNDER_WAY);
        assertThat(partitions.subList(LogOpenings.MAX_RETRIES_UNDER_WAY, partitions.size()))
                .allMatch(Partition::isLed);
        retry();

        assertThat(partitions).allMatch(Partition::isLed);
    }

    @Test
    void aLogThatIsGivenUpBeforeItCouldBeOpenedStaysClosed() {
        var partition = partition(0);
        engine.busyOpening(true);
        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 0, ALONE, 1)));
        engine.busyOpening(false);
        join(host.giveUp(partition, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "wanted by the test"));

        retry();

        assertThat(partition.isLed()).isFalse();
        assertThat(partition.unavailable()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
