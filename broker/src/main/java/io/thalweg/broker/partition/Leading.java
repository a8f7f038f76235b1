package io.thalweg.broker.partition;

import java.util.SortedSet;

/**
 * The terms on which this broker leads a partition.
 *
 * @param brokerId this broker
 * @param leaderEpoch the epoch it leads under
 * @param replicaCount how many replicas the partition is assigned
 * @param inSync the ids of the in-sync replicas, its own among them
 * @param minInsyncReplicas how many of them acks=all asks for, were there that many replicas
 */
public record Leading(
        int brokerId, int leaderEpoch, int replicaCount, SortedSet<Integer> inSync, int minInsyncReplicas) {}
