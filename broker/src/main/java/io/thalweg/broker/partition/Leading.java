package io.thalweg.broker.partition;

import io.thalweg.broker.replication.Assignment;

/**
 * The terms on which this broker leads a partition.
 *
 * @param brokerId this broker
 * @param leaderEpoch the epoch it leads under
 * @param assignment who holds the partition, itself included
 * @param minInsyncReplicas how many of them acks=all asks for, were there that many replicas
 */
public record Leading(int brokerId, int leaderEpoch, Assignment assignment, int minInsyncReplicas) {

    /** How many replicas acks=all asks for; of a partition that has fewer, all of them. */
    int neededReplicas() {
        return Math.min(minInsyncReplicas, assignment.replicas().size());
    }
}
