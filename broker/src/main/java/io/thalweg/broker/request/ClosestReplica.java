package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.partition.Partition;
import io.thalweg.coordinator.metadata.PartitionImage;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Finds the replica in a consumer's own rack that it had better read from (KIP-392): one that is in sync, so that it holds everything
 * consumers may read. Immutable.
 */
final class ClosestReplica {

    private final ClusterView cluster;
    private final String rack;

    /**
     * For the consumers of one rack.
     *
     * @param rack empty for readers that are never sent elsewhere
     */
    ClosestReplica(ClusterView cluster, String rack) {
        this.cluster = cluster;
        this.rack = rack;
    }

    /** The broker to ask instead of this one, which leads; empty if none is closer. */
    OptionalInt to(Partition partition) {
        if (rack.isEmpty() || isInRack(cluster.brokerId())) {
            return OptionalInt.empty();
        }
        var id = partition.id();
        return cluster.image()
                .topic(id.topicId())
                .flatMap(topic -> topic.partition(id.partition()))
                .map(this::inRack)
                .orElse(OptionalInt.empty());
    }

    private OptionalInt inRack(PartitionImage image) {
        var closer = image.isr().stream()
                .filter(this::isInRack)
                .filter(cluster.image()::isActive)
                .toList();
        // Partitions are spread over the replicas of a rack.
        return closer.isEmpty() ? OptionalInt.empty() : OptionalInt.of(closer.get(image.partition() % closer.size()));
    }

    private boolean isInRack(int brokerId) {
        return cluster.image()
                .broker(brokerId)
                .filter(broker -> Objects.equals(broker.rack(), rack))
                .isPresent();
    }
}
