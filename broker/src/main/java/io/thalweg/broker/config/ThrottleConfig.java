package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigValues;
import java.util.List;

/**
 * Which replicas of a topic are throttled, each as {@code partition:broker}; {@code *} means all.
 *
 * @param leader those that leaders send to no faster than their rate
 * @param follower those that fetch no faster than their rate
 */
public record ThrottleConfig(List<String> leader, List<String> follower) {

    public ThrottleConfig {
        leader = List.copyOf(leader);
        follower = List.copyOf(follower);
    }

    static ThrottleConfig of(ConfigValues values) {
        return new ThrottleConfig(
                values.value(TopicKeys.LEADER_THROTTLED_REPLICAS), values.value(TopicKeys.FOLLOWER_THROTTLED_REPLICAS));
    }

    /** Whether the leader of the partition is throttled on this broker. */
    public boolean throttlesLeader(int partition, int broker) {
        return contains(leader, partition, broker);
    }

    /** Whether this broker is throttled as a follower of the partition. */
    public boolean throttlesFollower(int partition, int broker) {
        return contains(follower, partition, broker);
    }

    private static boolean contains(List<String> replicas, int partition, int broker) {
        return replicas.contains("*") || replicas.contains(partition + ":" + broker);
    }
}
