package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds leaders when brokers come and go. Pure, but for knowing which brokers are about to leave; owned by the controller's event loop.
 */
final class Elections {

    private final ConfigSchema schema;
    private final BrokerSessions sessions;

    Elections(ConfigSchema schema, BrokerSessions sessions) {
        this.schema = schema;
        this.sessions = sessions;
    }

    /** What a partition of a topic becomes, as far as nobody says otherwise. */
    NextPartition next(MetadataImage image, TopicImage topic, PartitionImage partition) {
        return next(image, schema.rules(image, topic.name()), partition);
    }

    private NextPartition next(MetadataImage image, TopicRules rules, PartitionImage partition) {
        return new NextPartition(partition, rules, broker -> canLead(image, broker));
    }

    /** Whether the broker is there to stay. */
    boolean canLead(MetadataImage image, int broker) {
        return image.isActive(broker) && !sessions.isLeaving(broker);
    }

    /**
     * The changes when a broker may lead no more, which the image shows or the sessions know: it leaves every ISR that has another member,
     * and another leads in its place. The last member stays in the ISR, because only it has everything.
     */
    List<Message> withoutBroker(MetadataImage image, int broker) {
        return changes(
                image,
                partition -> partition.isr().contains(broker),
                (rules, partition) ->
                        next(image, rules, partition).withoutInIsr(broker).build());
    }

    /**
     * The changes when a broker has started again without having stopped in order: what it had not synced may be lost.
     *
     * @param hasAllDisks whether it has every directory that it had
     */
    List<Message> withoutRestarted(MetadataImage image, int broker, boolean hasAllDisks) {
        return changes(
                image,
                partition -> partition.isr().contains(broker) || partition.elr().contains(broker),
                (rules, partition) -> {
                    var next = next(image, rules, partition);
                    var hasAll = hasAllDisks && rules.survivesPowerLoss();
                    return (hasAll ? next.withoutInIsr(broker) : next.withoutLossy(broker)).build();
                });
    }

    /** The change when the broker cannot get at its replica: it does not lead, and is in sync only if it is the last one that is. */
    Optional<PartitionImage> withoutUnreachable(
            MetadataImage image, TopicImage topic, PartitionImage partition, int broker) {
        return nextWithout(image, topic, partition, broker).withoutInIsr(broker).build();
    }

    /**
     * The change when part of the broker's replica is damaged: it does not lead unless no other can that has everything, and is not
     * eligible before it was in sync again.
     */
    Optional<PartitionImage> withoutDamaged(
            MetadataImage image, TopicImage topic, PartitionImage partition, int broker) {
        return nextWithout(image, topic, partition, broker)
                .withoutLossy(broker)
                .build()
                .filter(after -> partition.leader() != broker
                        || partition.isr().contains(after.leader())
                        || partition.elr().contains(after.leader()));
    }

    /** The change when the broker can serve its replica: it leads where nobody does, if it has everything. */
    Optional<PartitionImage> withReachable(
            MetadataImage image, TopicImage topic, PartitionImage partition, int broker) {
        if (partition.hasLeader()
                || !(partition.isr().contains(broker) || partition.elr().contains(broker))) {
            return Optional.empty();
        }
        var rules = schema.rules(image, topic.name());
        return new NextPartition(partition, rules, other -> other == broker && canLead(image, other)).build();
    }

    private NextPartition nextWithout(MetadataImage image, TopicImage topic, PartitionImage partition, int broker) {
        var rules = schema.rules(image, topic.name());
        return new NextPartition(partition, rules, other -> other != broker && canLead(image, other));
    }

    /** The changes when a broker may lead again: what has no leader gets one, if that broker makes it possible. */
    List<Message> withBroker(MetadataImage image, int broker) {
        return changes(
                image,
                partition -> !partition.hasLeader() && partition.replicas().contains(broker),
                (rules, partition) -> next(image, rules, partition).build());
    }

    /** The changes that give leadership back to the first replicas, of so many partitions at most. */
    List<Message> preferred(MetadataImage image, int limit) {
        var all = changes(
                image,
                partition -> partition.leader() != partition.preferredLeader()
                        && partition.isr().contains(partition.preferredLeader()),
                (rules, partition) ->
                        next(image, rules, partition).preferFirst().build());
        return all.subList(0, Math.min(limit, all.size()));
    }

    /** The changes that follow from other configs: who is eligible where fewer have to be in sync, who may lead where any replica may. */
    List<Message> afterConfigs(MetadataImage image) {
        return changes(
                image,
                partition -> !partition.elr().isEmpty() || !partition.hasLeader(),
                (rules, partition) -> next(image, rules, partition).build());
    }

    private List<Message> changes(
            MetadataImage image,
            Predicate<PartitionImage> concerns,
            BiFunction<TopicRules, PartitionImage, Optional<PartitionImage>> change) {
        var records = new ArrayList<Message>();
        for (var topic : image.topics()) {
            @Nullable TopicRules rules = null;
            for (var partition : topic.partitions()) {
                if (concerns.test(partition)) {
                    rules = rules == null ? schema.rules(image, topic.name()) : rules;
                    change.apply(rules, partition)
                            .ifPresent(changed -> records.add(ImageRecords.partition(topic.id(), changed)));
                }
            }
        }
        return records;
    }
}
