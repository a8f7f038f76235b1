package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.MetadataRecords;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Topics of logs that were there before the cluster. */
final class AdoptionTest {

    private static final UUID ID = new UUID(1, 2);

    private static AdoptedTopic topic(String name, UUID id, Map<String, String> configs) {
        return new AdoptedTopic(name, id, 1, List.of(4, 0), new TreeMap<>(configs));
    }

    private static MetadataImage adopt(MetadataImage image, AdoptedTopic topic) {
        return MetadataRecords.replay(image, new Adoption(topic, new SampleSchema()).decide(image));
    }

    @Test
    void topicHasItsIdAndNoLeaderYet() {
        var image = adopt(MetadataImage.EMPTY, topic("orders", ID, Map.of()));

        assertThat(image.topic("orders").orElseThrow().id()).isEqualTo(ID);
        assertThat(image.topic("orders").orElseThrow().partitions())
                .extracting(
                        PartitionImage::replicas,
                        PartitionImage::isr,
                        PartitionImage::leader,
                        PartitionImage::leaderEpoch)
                .containsExactly(
                        tuple(List.of(1), List.of(1), PartitionImage.NO_LEADER, 4),
                        tuple(List.of(1), List.of(1), PartitionImage.NO_LEADER, 0));
    }

    @Test
    void itsBrokerLeadsAboveTheEpochsOfTheLogs() {
        var image = adopt(Cluster.withBrokers(1).image(), topic("orders", ID, Map.of()));

        var led = MetadataRecords.replay(image, Cluster.elections().withBroker(image, 1));

        assertThat(led.topic("orders").orElseThrow().partitions())
                .extracting(PartitionImage::leader, PartitionImage::leaderEpoch)
                .containsExactly(tuple(1, 5), tuple(1, 1));
    }

    @Test
    void topicThatIsThereStaysAsItIs() {
        var image = adopt(MetadataImage.EMPTY, topic("orders", ID, Map.of()));

        assertThat(adopt(image, topic("orders", new UUID(3, 4), Map.of()))).isEqualTo(image);
        assertThat(adopt(image, topic("returns", ID, Map.of()))).isEqualTo(image);
    }

    @Test
    void whatCannotBeSetIsLeftOut() {
        var image = adopt(
                MetadataImage.EMPTY,
                topic("orders", ID, Map.of("no.such.setting", "1", "low", "x", "retention.ms", "7")));

        assertThat(image.configs(ConfigResource.ofTopic("orders")))
                .containsExactlyEntriesOf(Map.of("retention.ms", "7"));
    }
}
