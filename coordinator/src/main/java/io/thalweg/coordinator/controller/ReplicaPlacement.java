package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Chooses the brokers of new partitions: leaders go round the active brokers from a random start, followers after their leader.
 *
 * <p>Fenced brokers are used only when there are not enough others, and never lead.
 */
final class ReplicaPlacement {

    private final RandomGenerator random;

    ReplicaPlacement(RandomGenerator random) {
        this.random = random;
    }

    /** The replicas of each of so many new partitions. */
    List<List<Integer>> place(MetadataImage image, int partitionCount, int replicationFactor) {
        var brokers = image.brokers().stream()
                .sorted(Comparator.comparing(BrokerImage::fenced).thenComparingInt(BrokerImage::id))
                .toList();
        int activeCount =
                (int) brokers.stream().filter(broker -> !broker.fenced()).count();
        check(replicationFactor, brokers.size(), activeCount);
        int start = random.nextInt(activeCount);
        var placed = new ArrayList<List<Integer>>();
        for (int partition = 0; partition < partitionCount; partition++) {
            placed.add(replicas(brokers, activeCount, start + partition, replicationFactor));
        }
        return placed;
    }

    private static void check(int replicationFactor, int brokerCount, int activeCount) {
        if (activeCount == 0) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "replication factor " + replicationFactor + " cannot be reached: none of the " + brokerCount
                            + " registered brokers is active");
        }
        if (replicationFactor > brokerCount) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "replication factor " + replicationFactor + " cannot be reached: " + brokerCount
                            + " brokers are registered");
        }
    }

    private static List<Integer> replicas(List<BrokerImage> brokers, int activeCount, int turn, int replicationFactor) {
        var replicas = new ArrayList<Integer>();
        for (int i = 0; i < replicationFactor; i++) {
            int index = i < activeCount ? (turn + i) % activeCount : i;
            replicas.add(brokers.get(index).id());
        }
        return replicas;
    }

    /** A new partition with replicas that a user chose. */
    static PartitionImage chosen(MetadataImage image, int partition, List<Integer> replicas) {
        if (replicas.isEmpty()) {
            throw refused(partition, "the list of brokers is empty");
        }
        for (int i = 0; i < replicas.size(); i++) {
            int broker = replicas.get(i);
            if (image.broker(broker).isEmpty()) {
                throw refused(partition, "broker " + broker + " is not registered");
            }
            if (replicas.indexOf(broker) < i) {
                throw refused(partition, "broker " + broker + " is listed twice");
            }
        }
        if (replicas.stream().noneMatch(image::isActive)) {
            throw refused(partition, "none of the brokers " + replicas + " is active");
        }
        return created(image, partition, replicas);
    }

    private static RefusedException refused(int partition, String reason) {
        return new RefusedException(
                ErrorCode.INVALID_REPLICA_ASSIGNMENT, "assignment of partition " + partition + " refused: " + reason);
    }

    /** A new partition whose active replicas are in sync. */
    static PartitionImage created(MetadataImage image, int partition, List<Integer> replicas) {
        return PartitionImage.created(
                partition, replicas, replicas.stream().filter(image::isActive).toList());
    }
}
