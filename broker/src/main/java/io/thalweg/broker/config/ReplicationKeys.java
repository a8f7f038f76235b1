package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/** Settings of a broker that concern fetching, by followers and by consumers. */
public final class ReplicationKeys {

    public static final ConfigKey<Long> REPLICA_LAG_TIME_MAX_MILLIS = ConfigKey.ofLong(
                    "replica.lag.time.max.ms", 30_000L)
            .atLeast(1)
            .documented("A follower that has not caught up with its leader for this many milliseconds is no longer in"
                    + " sync.");

    public static final ConfigKey<Integer> NUM_REPLICA_FETCHERS = ConfigKey.ofInt("num.replica.fetchers", 1)
            .atLeast(1)
            .changeable()
            .documented(
                    "Known from Apache Kafka; each shard of a broker has one connection to each leader, so it changes"
                            + " nothing.");

    public static final ConfigKey<Integer> REPLICA_FETCH_MAX_BYTES = ConfigKey.ofInt("replica.fetch.max.bytes", 1 << 20)
            .atLeast(0)
            .documented(
                    "About how many bytes of one partition a follower asks for at a time. A larger first batch still"
                            + " comes whole.");

    public static final ConfigKey<Integer> REPLICA_FETCH_RESPONSE_MAX_BYTES = ConfigKey.ofInt(
                    "replica.fetch.response.max.bytes", 10 << 20)
            .atLeast(0)
            .documented("About how many bytes of all partitions together a follower asks for at a time. A larger first"
                    + " batch still comes whole.");

    public static final ConfigKey<Integer> REPLICA_FETCH_MIN_BYTES = ConfigKey.ofInt("replica.fetch.min.bytes", 1)
            .atLeast(0)
            .documented("A leader answers a follower once it has this many bytes for it, or after"
                    + " replica.fetch.wait.max.ms.");

    public static final ConfigKey<Integer> REPLICA_FETCH_WAIT_MAX_MILLIS = ConfigKey.ofInt(
                    "replica.fetch.wait.max.ms", 500)
            .atLeast(0)
            .documented("How long a leader with too little to send lets a follower wait, in milliseconds. Keep it below"
                    + " replica.lag.time.max.ms.");

    public static final ConfigKey<Integer> REPLICA_FETCH_BACKOFF_MILLIS = ConfigKey.ofInt(
                    "replica.fetch.backoff.ms", 1000)
            .atLeast(0)
            .documented("How long a follower rests after a fetch that was refused, in milliseconds.");

    public static final ConfigKey<Integer> REPLICA_SOCKET_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "replica.socket.timeout.ms", 30_000)
            .atLeast(1)
            .documented("How long a follower waits for the answer to a fetch, in milliseconds.");

    public static final ConfigKey<Long> HIGH_WATERMARK_CHECKPOINT_INTERVAL_MILLIS = ConfigKey.ofLong(
                    "replica.high.watermark.checkpoint.interval.ms", 5000L)
            .atLeast(1)
            .documented("How often the high watermarks are written down, in milliseconds.");

    public static final ConfigKey<String> REPLICA_SELECTOR = ConfigKey.ofString("replica.selector.class", null)
            .documented(
                    "Which replica a consumer is sent to. Any value that ends in RackAwareReplicaSelector means one in"
                            + " the consumer's rack, if it is in sync; unset means the leader.");

    public static final ConfigKey<Integer> FETCH_MAX_BYTES = ConfigKey.ofInt("fetch.max.bytes", 55 << 20)
            .atLeast(1024)
            .documented("The most bytes that one answer to a fetch holds, whatever the client asked for. A larger first"
                    + " batch still comes whole.");

    public static final ConfigKey<Integer> FETCH_SESSION_SLOTS = ConfigKey.ofInt(
                    "max.incremental.fetch.session.cache.slots", 1000)
            .atLeast(0)
            .documented("How many fetch sessions the broker remembers. A client without one names all its partitions in"
                    + " each fetch.");

    public static final ConfigKey<Long> LEADER_THROTTLED_RATE = rate("leader.replication.throttled.rate")
            .documented("How many bytes a second this broker sends at most, to the replicas that"
                    + " leader.replication.throttled.replicas of a topic lists.");

    public static final ConfigKey<Long> FOLLOWER_THROTTLED_RATE = rate("follower.replication.throttled.rate")
            .documented("How many bytes a second this broker fetches at most, for the replicas that"
                    + " follower.replication.throttled.replicas of a topic lists.");

    public static final ConfigKey<Long> ALTER_LOG_DIRS_RATE = rate("replica.alter.log.dirs.io.max.bytes.per.second")
            .documented("How many bytes a second are copied at most when a partition moves between the directories of a"
                    + " broker.");

    private ReplicationKeys() {}

    private static ConfigKey<Long> rate(String name) {
        return ConfigKey.ofLong(name, Long.MAX_VALUE).atLeast(0).changeable();
    }

    static List<ConfigKey<?>> all() {
        return List.of(
                REPLICA_LAG_TIME_MAX_MILLIS,
                NUM_REPLICA_FETCHERS,
                REPLICA_FETCH_MAX_BYTES,
                REPLICA_FETCH_RESPONSE_MAX_BYTES,
                REPLICA_FETCH_MIN_BYTES,
                REPLICA_FETCH_WAIT_MAX_MILLIS,
                REPLICA_FETCH_BACKOFF_MILLIS,
                REPLICA_SOCKET_TIMEOUT_MILLIS,
                HIGH_WATERMARK_CHECKPOINT_INTERVAL_MILLIS,
                REPLICA_SELECTOR,
                FETCH_MAX_BYTES,
                FETCH_SESSION_SLOTS,
                LEADER_THROTTLED_RATE,
                FOLLOWER_THROTTLED_RATE,
                ALTER_LOG_DIRS_RATE);
    }
}
