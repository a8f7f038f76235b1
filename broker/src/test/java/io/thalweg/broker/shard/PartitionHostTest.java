package io.thalweg.broker.shard;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host on a shard's thread of its own, over memory. */
final class PartitionHostTest {

    private final SystemClock clock = new SystemClock();
    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    clock,
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final Shard shard = new Shard(
            0, 64, new BlockingWaitStrategy(), engine, new DaemonThreads("shard-under-test"), ShardListener.NONE);
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

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void whatAQuestionThrowsIsTheAnswer() {
        var answer = host.ask(partition, leader -> {
            throw new IllegalArgumentException("wanted by the test");
        });

        assertThatThrownBy(() -> join(answer)).hasRootCauseMessage("wanted by the test");
    }
}
