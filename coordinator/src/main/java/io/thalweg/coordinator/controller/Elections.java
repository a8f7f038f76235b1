package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds leaders when brokers come and go; pure functions. */
final class Elections {

    private Elections() {}

    /**
     * The changes when a broker may lead no more: it leaves every ISR that has another member, and the first active replica in the ISR
     * takes its place. The last member stays in the ISR, without leading, because only it has everything.
     */
    static List<Message> withoutBroker(MetadataImage image, int broker) {
        return changes(image, partition -> {
            if (!partition.isr().contains(broker)) {
                return Optional.empty();
            }
            var isr = without(partition.isr(), broker);
            var isLeader = partition.leader() == broker;
            if (isr.isEmpty()) {
                return isLeader
                        ? Optional.of(partition.ledBy(PartitionImage.NO_LEADER, partition.isr()))
                        : Optional.empty();
            }
            return Optional.of(
                    isLeader ? partition.ledBy(electable(image, partition, isr, broker), isr) : partition.withIsr(isr));
        });
    }

    /** The changes when a broker may lead again: it leads what has no leader and has it in the ISR. */
    static List<Message> withBroker(MetadataImage image, int broker) {
        return changes(
                image,
                partition -> !partition.hasLeader() && partition.isr().contains(broker)
                        ? Optional.of(partition.ledBy(broker, partition.isr()))
                        : Optional.empty());
    }

    private static List<Integer> without(List<Integer> isr, int broker) {
        return isr.stream().filter(member -> member != broker).toList();
    }

    private static int electable(MetadataImage image, PartitionImage partition, List<Integer> isr, int leaving) {
        return partition.replicas().stream()
                .filter(replica -> replica != leaving && isr.contains(replica) && image.isActive(replica))
                .findFirst()
                .orElse(PartitionImage.NO_LEADER);
    }

    private static List<Message> changes(
            MetadataImage image, Function<PartitionImage, Optional<PartitionImage>> change) {
        var records = new ArrayList<Message>();
        for (var topic : image.topics()) {
            for (var partition : topic.partitions()) {
                change.apply(partition).ifPresent(changed -> records.add(ImageRecords.partition(topic.id(), changed)));
            }
        }
        return records;
    }
}
