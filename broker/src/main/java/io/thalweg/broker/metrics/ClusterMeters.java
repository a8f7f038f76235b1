package io.thalweg.broker.metrics;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** What the metadata say of the cluster and of this broker's part in it; counted over the image whenever they are looked at. Any thread. */
final class ClusterMeters {

    private final ClusterView cluster;
    private final ToIntFunction<String> minInsyncReplicas;

    /**
     * Those of a broker.
     *
     * @param minInsyncReplicas of a topic
     */
    ClusterMeters(ClusterView cluster, ToIntFunction<String> minInsyncReplicas) {
        this.cluster = cluster;
        this.minInsyncReplicas = minInsyncReplicas;
    }

    void register(MeterSet meters) {
        meters.gauge(
                "thalweg.partitions.under.replicated",
                "Partitions this broker leads that have replicas out of sync",
                () -> countLed(ClusterMeters::isUnderReplicated));
        meters.gauge(
                "thalweg.partitions.under.min.isr",
                "Partitions this broker leads that refuse acks=all",
                this::underMinIsr);
        meters.gauge(
                "thalweg.partitions.at.min.isr",
                "Partitions this broker leads that will refuse acks=all when one more replica goes",
                this::atMinIsr);
        meters.gauge(
                "thalweg.partitions.reassigning",
                "Partitions this broker leads whose replicas come and go",
                () -> countLed(partition -> partition.reassignment().isUnderWay()));
        meters.gauge(
                "thalweg.cluster.partitions.leaderless",
                "Partitions of the cluster without a leader",
                () -> count(partition -> !partition.hasLeader()));
        meters.gauge(
                "thalweg.cluster.brokers.active", "Brokers that may lead", () -> brokers(broker -> !broker.fenced()));
        meters.gauge("thalweg.cluster.brokers.fenced", "Brokers that may not lead", () -> brokers(BrokerImage::fenced));
        meters.gauge(
                "thalweg.controller.active",
                "1 where the controller is, else 0",
                () -> cluster.controllerId().equals(OptionalInt.of(cluster.brokerId())) ? 1 : 0);
    }

    /** As Kafka counts: replicas that a reassignment adds are not missed yet. */
    private static boolean isUnderReplicated(PartitionImage partition) {
        return partition.isr().size()
                < partition.replicas().size()
                        - partition.reassignment().adding().size();
    }

    private long underMinIsr() {
        return countLed((topic, partition) -> partition.isr().size() < minimum(topic, partition));
    }

    private long atMinIsr() {
        return countLed((topic, partition) -> partition.isr().size() == minimum(topic, partition));
    }

    /** A topic with fewer replicas than it is to have in sync needs all of them. */
    private int minimum(TopicImage topic, PartitionImage partition) {
        return Math.min(
                minInsyncReplicas.applyAsInt(topic.name()), partition.replicas().size());
    }

    /** Something that is true of a partition of a topic. */
    private interface Claim {
        boolean holds(TopicImage topic, PartitionImage partition);
    }

    private long countLed(Predicate<PartitionImage> claim) {
        return countLed((topic, partition) -> claim.test(partition));
    }

    private long countLed(Claim claim) {
        var self = cluster.brokerId();
        return countAll((topic, partition) -> partition.leader() == self && claim.holds(topic, partition));
    }

    private long count(Predicate<PartitionImage> claim) {
        return countAll((topic, partition) -> claim.test(partition));
    }

    private long countAll(Claim claim) {
        return cluster.image().topics().stream()
                .mapToLong(topic -> topic.partitions().stream()
                        .filter(partition -> claim.holds(topic, partition))
                        .count())
                .sum();
    }

    private long brokers(Predicate<BrokerImage> claim) {
        return cluster.image().brokers().stream().filter(claim).count();
    }
}
