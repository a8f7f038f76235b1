package io.thalweg.broker.shard;

/**
 * Who hears of the roles of a shard's partitions, and who decides on their ISRs.
 *
 * @param leadership hears of partitions that are led here
 * @param following has the others fetched
 * @param isr asks the controller
 * @param lagNanos how long a follower may be behind and stay in sync
 */
public record ReplicationPorts(
        LeadershipListener leadership, FollowingListener following, IsrRequests isr, long lagNanos) {

    /** For a broker that has no others beside it. */
    public static ReplicationPorts alone(LeadershipListener leadership) {
        return new ReplicationPorts(leadership, FollowingListener.NONE, IsrRequests.NONE, Long.MAX_VALUE);
    }
}
