package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;

/** Settings of the shards, on whose threads partitions live; Thalweg's own. */
public final class ShardKeys {

    public static final ConfigKey<Integer> SHARD_COUNT = ConfigKey.ofInt("shard.count", 0)
            .between(0, 1024)
            .documented(
                    "How many shards there are, each a thread that owns a share of the partitions. 0 means half as many"
                            + " as the machine has processors, at least one.");

    public static final ConfigKey<Integer> RING_SLOTS = ConfigKey.ofInt("shard.ring.slots", 1024)
            .allowing(slots -> slots >= 2 && Integer.bitCount(slots) == 1, "a power of two, at least 2")
            .documented("How many requests wait for a shard at most; connections that would add more are not read until"
                    + " there is room.");

    private ShardKeys() {}

    /** How many shards to start. */
    public static int shardCount(ConfigValues values) {
        int asked = values.value(SHARD_COUNT);
        return asked > 0 ? asked : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    static List<ConfigKey<?>> all() {
        return List.of(SHARD_COUNT, RING_SLOTS);
    }
}
