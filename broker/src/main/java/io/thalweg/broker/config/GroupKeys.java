package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.Locale;

/** Settings of a broker that concern consumer groups and their offsets. */
public final class GroupKeys {

    public static final ConfigKey<List<String>> REBALANCE_PROTOCOLS = ConfigKey.ofList(
                    "group.coordinator.rebalance.protocols", List.of("classic", "consumer"))
            .allowing(
                    list -> list.contains("classic")
                            && List.of("classic", "consumer").containsAll(list),
                    "classic, or classic and consumer")
            .documented("The group protocols that members may use: classic, where a member assigns, and consumer, where"
                    + " the broker does.");

    public static final ConfigKey<Integer> INITIAL_REBALANCE_DELAY_MILLIS = ConfigKey.ofInt(
                    "group.initial.rebalance.delay.ms", 3000)
            .atLeast(0)
            .documented("How long an empty classic group waits for further members before its first assignment, in"
                    + " milliseconds.");

    public static final ConfigKey<Integer> MIN_SESSION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "group.min.session.timeout.ms", 6000)
            .atLeast(0)
            .documented("The shortest session timeout that a member of a classic group may ask for, in milliseconds.");

    public static final ConfigKey<Integer> MAX_SESSION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "group.max.session.timeout.ms", 1_800_000)
            .atLeast(1)
            .documented("The longest session timeout that a member of a classic group may ask for, in milliseconds.");

    public static final ConfigKey<Integer> MAX_SIZE = ConfigKey.ofInt("group.max.size", Integer.MAX_VALUE)
            .atLeast(1)
            .documented("The most members a classic group may have; further ones are refused.");

    public static final ConfigKey<Integer> CONSUMER_SESSION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "group.consumer.session.timeout.ms", 45_000)
            .atLeast(1)
            .documented("A member of a consumer group that has been silent for this many milliseconds is taken out of"
                    + " it.");

    public static final ConfigKey<Integer> CONSUMER_MIN_SESSION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "group.consumer.min.session.timeout.ms", 45_000)
            .atLeast(1)
            .documented("The least that consumer.session.timeout.ms of a group may be, in milliseconds.");

    public static final ConfigKey<Integer> CONSUMER_MAX_SESSION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "group.consumer.max.session.timeout.ms", 60_000)
            .atLeast(1)
            .documented("The most that consumer.session.timeout.ms of a group may be, in milliseconds.");

    public static final ConfigKey<Integer> CONSUMER_HEARTBEAT_INTERVAL_MILLIS = ConfigKey.ofInt(
                    "group.consumer.heartbeat.interval.ms", 5000)
            .atLeast(1)
            .documented("How often members of a consumer group are told to send a heartbeat, in milliseconds.");

    public static final ConfigKey<Integer> CONSUMER_MIN_HEARTBEAT_INTERVAL_MILLIS = ConfigKey.ofInt(
                    "group.consumer.min.heartbeat.interval.ms", 5000)
            .atLeast(1)
            .documented("The least that consumer.heartbeat.interval.ms of a group may be, in milliseconds.");

    public static final ConfigKey<Integer> CONSUMER_MAX_HEARTBEAT_INTERVAL_MILLIS = ConfigKey.ofInt(
                    "group.consumer.max.heartbeat.interval.ms", 15_000)
            .atLeast(1)
            .documented("The most that consumer.heartbeat.interval.ms of a group may be, in milliseconds.");

    public static final ConfigKey<Integer> CONSUMER_MAX_SIZE = ConfigKey.ofInt(
                    "group.consumer.max.size", Integer.MAX_VALUE)
            .atLeast(1)
            .documented("The most members a consumer group may have; further ones are refused.");

    public static final ConfigKey<List<String>> CONSUMER_ASSIGNORS = ConfigKey.ofList(
                    "group.consumer.assignors", List.of("uniform", "range"))
            .allowing(
                    list -> !list.isEmpty() && List.of("uniform", "range").containsAll(list),
                    "at least one of uniform, range")
            .documented(
                    "How the broker may assign partitions in consumer groups; the first is taken when the members do"
                            + " not ask for one.");

    public static final ConfigKey<String> CONSUMER_MIGRATION_POLICY = ConfigKey.ofString(
                    "group.consumer.migration.policy", "bidirectional")
            .allowing(
                    policy -> List.of("disabled", "downgrade", "upgrade", "bidirectional")
                            .contains(policy.toLowerCase(Locale.ROOT)),
                    "one of disabled, downgrade, upgrade, bidirectional")
            .documented("Whether a group may change between the classic and the consumer protocol while it has members,"
                    + " and in which direction.");

    public static final ConfigKey<Integer> OFFSETS_TOPIC_PARTITIONS = ConfigKey.ofInt(
                    "offsets.topic.num.partitions", 50)
            .atLeast(1)
            .documented("How many partitions the topic of committed offsets gets. It cannot change once that topic"
                    + " exists.");

    public static final ConfigKey<Short> OFFSETS_TOPIC_REPLICATION_FACTOR = ConfigKey.ofShort(
                    "offsets.topic.replication.factor", (short) 3)
            .atLeast(1)
            .documented(
                    "How many replicas the topic of committed offsets gets; its creation waits for that many brokers."
                            + " A server that is a cluster by itself uses 1.");

    public static final ConfigKey<Integer> OFFSETS_TOPIC_SEGMENT_BYTES = ConfigKey.ofInt(
                    "offsets.topic.segment.bytes", 100 << 20)
            .atLeast(1)
            .documented("The segment.bytes of the topic of committed offsets. Small segments load faster.");

    public static final ConfigKey<Integer> OFFSETS_RETENTION_MINUTES = ConfigKey.ofInt(
                    "offsets.retention.minutes", 10_080)
            .atLeast(1)
            .documented("The offsets of a group without members are forgotten after this many minutes.");

    public static final ConfigKey<Long> OFFSETS_RETENTION_CHECK_INTERVAL_MILLIS = ConfigKey.ofLong(
                    "offsets.retention.check.interval.ms", 600_000L)
            .atLeast(1)
            .documented("How often the broker looks for offsets to forget, in milliseconds.");

    public static final ConfigKey<Integer> OFFSETS_COMMIT_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "offsets.commit.timeout.ms", 5000)
            .atLeast(1)
            .documented("How long a commit of offsets waits to be replicated before it is refused, in milliseconds.");

    public static final ConfigKey<Integer> OFFSET_METADATA_MAX_BYTES = ConfigKey.ofInt(
                    "offset.metadata.max.bytes", 4096)
            .atLeast(0)
            .documented("The longest text that may be committed along with an offset, in bytes.");

    private GroupKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(
                REBALANCE_PROTOCOLS,
                INITIAL_REBALANCE_DELAY_MILLIS,
                MIN_SESSION_TIMEOUT_MILLIS,
                MAX_SESSION_TIMEOUT_MILLIS,
                MAX_SIZE,
                CONSUMER_SESSION_TIMEOUT_MILLIS,
                CONSUMER_MIN_SESSION_TIMEOUT_MILLIS,
                CONSUMER_MAX_SESSION_TIMEOUT_MILLIS,
                CONSUMER_HEARTBEAT_INTERVAL_MILLIS,
                CONSUMER_MIN_HEARTBEAT_INTERVAL_MILLIS,
                CONSUMER_MAX_HEARTBEAT_INTERVAL_MILLIS,
                CONSUMER_MAX_SIZE,
                CONSUMER_ASSIGNORS,
                CONSUMER_MIGRATION_POLICY,
                OFFSETS_TOPIC_PARTITIONS,
                OFFSETS_TOPIC_REPLICATION_FACTOR,
                OFFSETS_TOPIC_SEGMENT_BYTES,
                OFFSETS_RETENTION_MINUTES,
                OFFSETS_RETENTION_CHECK_INTERVAL_MILLIS,
                OFFSETS_COMMIT_TIMEOUT_MILLIS,
                OFFSET_METADATA_MAX_BYTES);
    }
}
