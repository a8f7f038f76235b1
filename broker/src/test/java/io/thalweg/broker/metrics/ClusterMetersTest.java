package io.thalweg.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ClusterMetersTest {

    private static final List<Integer> ALL = List.of(1, 2, 3);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerMeters meters = new MicrometerMeters(registry);
    private final Cluster cluster = new Cluster();

    private static MetadataImage image(PartitionImage... partitions) {
        var topic = TopicImage.of("orders", new UUID(0, 1));
        for (var partition : partitions) {
            topic = topic.with(partition);
        }
        return MetadataImage.EMPTY.with(topic).with(broker(1, false)).with(broker(2, true));
    }

    private static BrokerImage broker(int id, boolean isFenced) {
        return new BrokerImage(id, new UUID(0, id), id, List.of(), List.of(), null, isFenced);
    }

    private static PartitionImage partition(int index, List<Integer> isr, int leader) {
        return new PartitionImage(index, ALL, isr, leader, 0, 0);
    }

    private double shown(String name) {
        return registry.get(name).gauge().value();
    }

    private double counted(String name) {
        return registry.get(name).counter().count();
    }

    @Test
    void partitionsAreCountedWhereTheirLeaderIs() {
        meters.observe(cluster, topic -> 2);

        cluster.image = image(
                partition(0, ALL, 1),
                partition(1, List.of(1, 2), 1),
                partition(2, List.of(1), 1),
                partition(3, List.of(2), 2),
                partition(4, List.of(2), PartitionImage.NO_LEADER));

        assertThat(shown("thalweg.partitions.under.replicated")).isEqualTo(2);
        assertThat(shown("thalweg.partitions.under.min.isr")).isEqualTo(1);
        assertThat(shown("thalweg.partitions.at.min.isr")).isEqualTo(1);
        assertThat(shown("thalweg.cluster.partitions.leaderless")).isEqualTo(1);
        assertThat(shown("thalweg.cluster.brokers.active")).isEqualTo(1);
        assertThat(shown("thalweg.cluster.brokers.fenced")).isEqualTo(1);
    }

    @Test
    void whatAReassignmentAddsIsNotMissed() {
        meters.observe(cluster, topic -> 2);
        var moving = new PartitionImage.Reassignment(List.of(4), List.of());

        cluster.image = image(new PartitionImage(0, List.of(1, 2, 3, 4), ALL, List.of(), moving, 1, 0, 0));

        assertThat(shown("thalweg.partitions.under.replicated")).isZero();
        assertThat(shown("thalweg.partitions.reassigning")).isEqualTo(1);
    }

    @Test
    void theControllerShowsItself() {
        meters.observe(cluster, topic -> 2);
        assertThat(shown("thalweg.controller.active")).isZero();

        cluster.controller = OptionalInt.of(1);

        assertThat(shown("thalweg.controller.active")).isEqualTo(1);
    }

    @Test
    void changesAreCountedWhereTheLeaderIs() {
        var changes = meters.changes(1);
        var first = image(partition(0, ALL, 1), partition(1, ALL, 2));
        var second = image(partition(0, List.of(1, 2), 1), partition(1, List.of(2), 2));
        var third = image(partition(0, ALL, 1), partition(1, ALL, 3));

        changes.accept(first.since(MetadataImage.EMPTY));
        changes.accept(second.since(first));
        assertThat(counted("thalweg.partitions.isr.shrinks")).isEqualTo(1);
        assertThat(counted("thalweg.partitions.isr.expands")).isZero();
        changes.accept(third.since(second));

        assertThat(counted("thalweg.partitions.isr.expands")).isEqualTo(1);
        assertThat(counted("thalweg.cluster.leader.changes")).isEqualTo(1);
    }

    private static final class Cluster implements ClusterView {

        private MetadataImage image = MetadataImage.EMPTY;
        private OptionalInt controller = OptionalInt.empty();

        @Override
        public MetadataImage image() {
            return image;
        }

        @Override
        public int brokerId() {
            return 1;
        }

        @Override
        public OptionalInt controllerId() {
            return controller;
        }
    }
}
