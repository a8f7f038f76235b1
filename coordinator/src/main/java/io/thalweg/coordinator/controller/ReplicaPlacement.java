package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Chooses the brokers of new partitions: leaders go round the active brokers from a random start, followers after their leader, on as many
 * racks as there are.
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
        var active = striped(image, false);
        var fenced = striped(image, true);
        check(replicationFactor, active.size() + fenced.size(), active.size());
        int start = random.nextInt(active.size());
        var placed = new ArrayList<List<Integer>>();
        for (int partition = 0; partition < partitionCount; partition++) {
            placed.add(replicas(active, fenced, start, partition, replicationFactor));
        }
        return placed;
    }

    /** The brokers in an order in which neighbours stand on different racks where that is possible. */
    private static List<BrokerImage> striped(MetadataImage image, boolean isFenced) {
        var racks = new TreeMap<String, List<BrokerImage>>();
        image.brokers().stream()
                .filter(broker -> broker.fenced() == isFenced)
                .forEach(broker -> racks.computeIfAbsent(rackOf(broker), rack -> new ArrayList<>())
                        .add(broker));
        var order = new ArrayList<BrokerImage>();
        int largest = racks.values().stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < largest; i++) {
            for (var rack : racks.values()) {
                if (i < rack.size()) {
                    order.add(rack.get(i));
                }
            }
        }
        return order;
    }

    /** Brokers that do not say where they stand are taken to stand together. */
    private static String rackOf(BrokerImage broker) {
        return Objects.requireNonNullElse(broker.rack(), "");
    }

    /**
     * The leader, and the brokers after it. With each round of leaders the followers begin one further, so that the partitions of a lost
     * leader are spread over all others.
     */
    private static List<Integer> replicas(
            List<BrokerImage> active, List<BrokerImage> fenced, int start, int partition, int replicationFactor) {
        int count = active.size();
        int leader = (start + partition) % count;
        var candidates = new ArrayList<BrokerImage>();
        candidates.add(active.get(leader));
        for (int i = 0; i < count - 1; i++) {
            int distance = 1 + (i + partition / count) % (count - 1);
            candidates.add(active.get((leader + distance) % count));
        }
        candidates.addAll(fenced);
        return spread(candidates, count, replicationFactor);
    }

    /** Takes the first of each rack, then the first of those left, and so on; the active ones, so many, before the others. */
    private static List<Integer> spread(List<BrokerImage> candidates, int activeCount, int replicationFactor) {
        var left = new ArrayList<>(candidates);
        var used = new TreeSet<String>();
        var chosen = new ArrayList<Integer>();
        while (chosen.size() < replicationFactor) {
            var usable = left.subList(0, Math.max(1, Math.min(left.size(), activeCount - chosen.size())));
            var next = usable.stream()
                    .filter(broker -> !used.contains(rackOf(broker)))
                    .findFirst();
            if (next.isEmpty()) {
                used.clear();
                next = usable.stream().findFirst();
            }
            var broker = next.orElseThrow();
            used.add(rackOf(broker));
            left.remove(broker);
            chosen.add(broker.id());
        }
        return chosen;
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

    /** A new partition with replicas that a user chose. */
    static PartitionImage chosen(MetadataImage image, int partition, List<Integer> replicas) {
        checkChosen(image, partition, replicas);
        if (replicas.stream().noneMatch(image::isActive)) {
            throw refused(partition, "none of the brokers " + replicas + " is active");
        }
        return created(image, partition, replicas);
    }

    /** Refuses replicas of which there are none, one is unknown or one is there twice. */
    static void checkChosen(MetadataImage image, int partition, List<Integer> replicas) {
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
