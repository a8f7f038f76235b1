package io.thalweg.broker;

import io.thalweg.broker.config.StorageKeys;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.retention.RetentionListener;
import io.thalweg.broker.retention.RetentionSweep;
import io.thalweg.broker.runtime.World;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.Shards;
import io.thalweg.spi.config.ConfigValues;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Has a broker looked after again and again, from the timers' thread. */
record Upkeep(World world, Shards shards, TopicTable topics) {

    private static final long WAITS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long OPENINGS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STATES_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PRODUCERS_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Begins with what every broker needs: an end of what has waited or been idle too long. */
    void begin(ConfigValues config, RetentionListener listener) {
        onShards(WAITS_NANOS, PartitionHost::expireWaits);
        onShards(OPENINGS_NANOS, PartitionHost::retryOpenings);
        onShards(STATES_NANOS, PartitionHost::saveGrown);
        long idleMillis = config.value(StorageKeys.PRODUCER_ID_EXPIRATION_MILLIS);
        onShards(PRODUCERS_NANOS, host -> host.expireProducers(idleMillis));
        var retention = new RetentionSweep(shards, topics, world.clock(), listener);
        repeat(
                TimeUnit.MILLISECONDS.toNanos(config.value(StorageKeys.RETENTION_CHECK_INTERVAL_MILLIS)),
                retention::run);
    }

    /** Has the partitions of all shards looked at every so often. */
    void onShards(long nanos, Consumer<PartitionHost> task) {
        repeat(nanos, () -> shards.hosts().forEach(task));
    }

    /** Has a task done every so often. */
    void repeat(long nanos, Runnable task) {
        world.timers().schedule(nanos, () -> {
            task.run();
            repeat(nanos, task);
        });
    }
}
