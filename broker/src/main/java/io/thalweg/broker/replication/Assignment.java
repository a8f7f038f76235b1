package io.thalweg.broker.replication;

import java.util.List;

/**
 * Which brokers hold a partition, as the controller decided.
 *
 * @param replicas the brokers it is assigned to
 * @param inSync those that are in sync
 * @param partitionEpoch goes up with every change of the partition
 */
public record Assignment(List<Integer> replicas, List<Integer> inSync, int partitionEpoch) {

    public Assignment {
        replicas = List.copyOf(replicas);
        inSync = List.copyOf(inSync);
    }
}
