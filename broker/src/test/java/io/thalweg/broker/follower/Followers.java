package io.thalweg.broker.follower;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Following;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.ReplicaLog;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Empty partitions of one topic that follow broker 2, on the test's thread. */
final class Followers {

    private static final UUID TOPIC = new UUID(1, 2);

    private static final EventLoop HERE = new EventLoop() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            throw new IllegalStateException("nothing is put off in this test");
        }
    };

    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    new SystemClock(),
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final Map<Integer, FetchedPartition> made = new TreeMap<>();

    FetchedPartition at(int partition) {
        return made.computeIfAbsent(partition, index -> new FetchedPartition(follow(index)));
    }

    /** The same partition in a role of its own. */
    FetchedPartition anew(int partition) {
        made.remove(partition);
        return at(partition);
    }

    private FollowerPartition follow(int index) {
        var id = new LogId("orders", TOPIC, index);
        var published = new Partition(id, 0, TopicTraffic.NONE);
        var restored = engine.open(id, LogConfig.DEFAULT)
                .thenCompose(log -> ReplicaLog.restore(log, engine.checkpoints(id)))
                .toCompletableFuture()
                .join();
        return FollowerPartition.begin(
                new ReplicaLog(published, restored), new Following(1, 2, 5, null), HERE, new Outbox());
    }
}
