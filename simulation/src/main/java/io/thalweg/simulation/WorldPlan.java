package io.thalweg.simulation;

import io.thalweg.simulation.check.Ledger;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a run is about, drawn from its seed.
 *
 * @param minIsr how many replicas an acknowledgement of all tells of
 * @param strikes how many misfortunes befall the cluster
 * @param isSynced whether what is acknowledged is synced: {@code durability=fsync}, else {@code os}
 * @param retentionBytes how much of each partition is kept; 0 for all of it
 * @param isCompacted whether the topic is compacted
 * @param canTopicsGo whether the topic is deleted, made anew and given more partitions while it is used
 * @param members of a consumer group that goes through the topic; 0 for no group
 * @param protocols those that they speak
 * @param hasWhims whether the storage gives less than it is asked for, and takes nothing now and then
 * @param areLogsDamaged whether batches that others have too are damaged
 * @param isMinIsrChanged whether {@code min.insync.replicas} is set to 1 and 2 while the topic is used
 */
record WorldPlan(
        int nodes,
        int partitions,
        int minIsr,
        int strikes,
        boolean isSynced,
        int retentionBytes,
        boolean isCompacted,
        boolean canTopicsGo,
        boolean isMinIsrChanged,
        int members,
        Protocols protocols,
        boolean hasWhims,
        boolean areLogsDamaged) {

    /** How long the coordinator of a group waits for a member. */
    static final long GROUP_SESSION_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int FEWEST_NODES = 3;

    /** What members of a group speak. */
    enum Protocols {
        CLASSIC,
        CONSUMER,

        /** Members come and go, each with one of the two. */
        BOTH
    }

    static WorldPlan of(Random random) {
        var isMinIsrChanged = random.nextInt(8) == 0;
        var retentionBytes = random.nextInt(4) == 0 ? 1 << (9 + random.nextInt(5)) : 0;
        var isCompacted = retentionBytes == 0 && random.nextInt(4) == 0;
        var canTopicsGo = random.nextInt(4) == 0;
        var hasGroup = retentionBytes == 0 && !canTopicsGo && random.nextInt(3) == 0;
        var minIsr = isMinIsrChanged ? 1 : 1 + random.nextInt(2);
        var isSynced = random.nextInt(4) != 0;
        return new WorldPlan(
                random.nextInt(6) == 0 ? FEWEST_NODES + 1 : FEWEST_NODES,
                1 + random.nextInt(3),
                minIsr,
                random.nextInt(25),
                isSynced,
                retentionBytes,
                isCompacted,
                canTopicsGo,
                isMinIsrChanged,
                hasGroup ? 2 + random.nextInt(2) : 0,
                Protocols.values()[random.nextInt(Protocols.values().length)],
                random.nextInt(6) == 0,
                // Where one is enough, the one that is damaged may be the last that counts.
                minIsr > 1 && isSynced && !canTopicsGo && random.nextInt(2) == 0);
    }

    /** The settings of every broker. */
    Map<String, String> settings(Random random) {
        var settings = new TreeMap<String, String>();
        settings.put("broker.heartbeat.interval.ms", "300");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("replica.lag.time.max.ms", Integer.toString(1000 + random.nextInt(4000)));
        settings.put("replica.fetch.backoff.ms", "100");
        settings.put("shard.count", Integer.toString(1 + random.nextInt(2)));
        settings.put("shard.ring.slots", "64");
        // So that it turns often: hardly more than the least there can be.
        settings.put("storage.file.journal.bytes", Integer.toString(80 << 10));
        if (random.nextInt(3) == 0) {
            // Whatever is read takes the disk, so that much may happen until it is there.
            settings.put("storage.file.warm.bytes", "0");
        }
        // What lies below a recovery point is trusted, and not read by the next start.
        settings.put("log.flush.offset.checkpoint.interval.ms", Integer.toString(500 << random.nextInt(8)));
        settings.put("log.index.size.max.bytes", "4096");
        settings.put("log.index.interval.bytes", Integer.toString(random.nextBoolean() ? 64 : 4096));
        settings.put("log.segment.bytes", Integer.toString(1 << 20));
        settings.put("log.roll.ms", Integer.toString(10 << random.nextInt(8)));
        settings.put("log.retention.check.interval.ms", "500");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("group.min.session.timeout.ms", "1000");
        settings.put("group.initial.rebalance.delay.ms", "200");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "2000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "100");
        settings.put("group.consumer.heartbeat.interval.ms", "300");
        settings.put("log.cleaner.backoff.ms", "500");
        settings.put("leader.imbalance.check.interval.seconds", Integer.toString(5 + random.nextInt(30)));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(1 << 20));
        return settings;
    }

    /** The settings of the topic. */
    Map<String, String> configs() {
        var configs = new TreeMap<String, String>();
        configs.put("min.insync.replicas", Integer.toString(minIsr));
        configs.put("durability", isSynced ? "fsync" : "os");
        if (retentionBytes > 0) {
            configs.put("retention.bytes", Integer.toString(retentionBytes));
        }
        if (isCompacted) {
            configs.put("cleanup.policy", "compact");
            configs.put("min.cleanable.dirty.ratio", "0.01");
        }
        return configs;
    }

    Ledger.Promises promises() {
        return new Ledger.Promises(isSynced, isCompacted, areLogsDamaged);
    }

    boolean isWholeLogKept() {
        return retentionBytes == 0;
    }
}
