package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;

/** Settings of the server itself: who it is, what it does, how topics come to be on it. */
public final class ServerKeys {

    public static final ConfigKey<Integer> NODE_ID = ConfigKey.ofInt("node.id", 1)
            .atLeast(0)
            .documented("The number of this server, unlike that of any other server of the cluster.");

    public static final ConfigKey<Integer> BROKER_ID = ConfigKey.ofInt("broker.id", -1)
            .atLeast(-1)
            .documented("The older name of node.id, used when node.id is not set; -1 leaves it unset.");

    public static final ConfigKey<List<String>> PROCESS_ROLES = ConfigKey.ofList(
                    "process.roles", List.of("broker", "controller"))
            .oneOf("broker", "controller")
            .documented("What this server does: hold partitions (broker), vote on metadata (controller), or both.");

    public static final ConfigKey<String> BROKER_RACK = ConfigKey.ofString("broker.rack", null)
            .documented(
                    "Where the server stands. Replicas of a partition are spread over racks, and a consumer that names"
                            + " its rack may read from a replica there.");

    public static final ConfigKey<List<String>> CONTROLLER_QUORUM_VOTERS = ConfigKey.ofList(
                    "controller.quorum.voters", List.of())
            .documented(
                    "The servers that vote on metadata, each as id@host:port, the same on every server of the cluster. Empty"
                            + " on a server that is a cluster by itself.");

    public static final ConfigKey<List<String>> CONTROLLER_QUORUM_BOOTSTRAP_SERVERS = ConfigKey.ofList(
                    "controller.quorum.bootstrap.servers", List.of())
            .documented("Where a server that does not vote finds those that do, each as host:port, if"
                    + " controller.quorum.voters does not name them. With the controller role it follows until it is added"
                    + " to the voters, unless its own address is the only one.");

    public static final ConfigKey<String> STORAGE = ConfigKey.ofString("storage", "file")
            .allowing(name -> !name.isBlank(), "the name of a storage provider")
            .documented("The storage provider that keeps the bytes of the logs. Its own settings begin with"
                    + " storage.<name>.");

    public static final ConfigKey<Boolean> AUTO_CREATE_TOPICS = ConfigKey.ofBoolean("auto.create.topics.enable", true)
            .documented("Whether a client that asks for a topic that does not exist, and allows it, gets it created.");

    public static final ConfigKey<Boolean> DELETE_TOPIC = ConfigKey.ofBoolean("delete.topic.enable", true)
            .documented("Whether topics can be deleted. When not, a request to delete one is refused.");

    public static final ConfigKey<Integer> NUM_PARTITIONS = ConfigKey.ofInt("num.partitions", 1)
            .atLeast(1)
            .documented("How many partitions a topic gets when its creator does not say.");

    public static final ConfigKey<Integer> DEFAULT_REPLICATION_FACTOR = ConfigKey.ofInt("default.replication.factor", 1)
            .between(1, Short.MAX_VALUE)
            .documented("How many replicas a partition gets when the creator of its topic does not say.");

    public static final ConfigKey<Integer> MAX_REQUEST_PARTITION_SIZE_LIMIT = ConfigKey.ofInt(
                    "max.request.partition.size.limit", 2000)
            .atLeast(1)
            .documented("The most partitions that one answer to DescribeTopicPartitions lists; the client asks on from"
                    + " there.");

    public static final ConfigKey<Integer> REQUEST_TIMEOUT_MILLIS = ConfigKey.ofInt("request.timeout.ms", 30_000)
            .atLeast(1)
            .documented("How long this server waits for an answer of another server, in milliseconds.");

    public static final ConfigKey<Integer> BROKER_HEARTBEAT_INTERVAL_MILLIS = ConfigKey.ofInt(
                    "broker.heartbeat.interval.ms", 2000)
            .atLeast(1)
            .documented("How often a broker tells the controller that it lives, in milliseconds.");

    public static final ConfigKey<Integer> BROKER_SESSION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "broker.session.timeout.ms", 9000)
            .atLeast(1)
            .documented("A broker the controller has not heard of for this many milliseconds loses its leaderships and"
                    + " is fenced.");

    public static final ConfigKey<Integer> INITIAL_REGISTRATION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "initial.broker.registration.timeout.ms", 60_000)
            .atLeast(1)
            .documented("A broker that cannot register with the controller within this many milliseconds stops.");

    public static final ConfigKey<Boolean> CONTROLLED_SHUTDOWN = ConfigKey.ofBoolean("controlled.shutdown.enable", true)
            .documented("Whether a broker hands its leaderships over before it stops.");

    public static final ConfigKey<Boolean> AUTO_LEADER_REBALANCE = ConfigKey.ofBoolean(
                    "auto.leader.rebalance.enable", true)
            .documented("Whether the controller gives leadership back to the first replica of a partition once that"
                    + " replica is in sync again.");

    public static final ConfigKey<Long> LEADER_IMBALANCE_CHECK_SECONDS = ConfigKey.ofLong(
                    "leader.imbalance.check.interval.seconds", 300L)
            .atLeast(1)
            .documented("How often the controller looks for leaderships to give back, in seconds.");

    private ServerKeys() {}

    /** The number of this server, by whichever of its two names it was set. */
    public static int nodeId(ConfigValues values) {
        int brokerId = values.value(BROKER_ID);
        return brokerId >= 0 && !values.isSet(NODE_ID) ? brokerId : values.value(NODE_ID);
    }

    static List<ConfigKey<?>> all() {
        return List.of(
                NODE_ID,
                BROKER_ID,
                PROCESS_ROLES,
                BROKER_RACK,
                CONTROLLER_QUORUM_VOTERS,
                CONTROLLER_QUORUM_BOOTSTRAP_SERVERS,
                STORAGE,
                AUTO_CREATE_TOPICS,
                DELETE_TOPIC,
                NUM_PARTITIONS,
                DEFAULT_REPLICATION_FACTOR,
                MAX_REQUEST_PARTITION_SIZE_LIMIT,
                REQUEST_TIMEOUT_MILLIS,
                BROKER_HEARTBEAT_INTERVAL_MILLIS,
                BROKER_SESSION_TIMEOUT_MILLIS,
                INITIAL_REGISTRATION_TIMEOUT_MILLIS,
                CONTROLLED_SHUTDOWN,
                AUTO_LEADER_REBALANCE,
                LEADER_IMBALANCE_CHECK_SECONDS);
    }
}
