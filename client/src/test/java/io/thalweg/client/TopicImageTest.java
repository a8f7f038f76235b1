package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.client.TopicImage.PartitionImage;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TopicImageTest {

    private static final UUID ID = new UUID(1, 2);

    /** Each partition is led by the broker with the number of its leader epoch. */
    private static TopicImage topic(UUID id, int... epochs) {
        var partitions = IntStream.range(0, epochs.length)
                .mapToObj(index -> new MetadataResponse.Partition(
                        (short) 0, index, epochs[index], epochs[index], List.of(), List.of(), List.of()))
                .toList();
        return TopicImage.of(
                "flights", new MetadataResponse.Topic((short) 0, "flights", id, false, partitions, Integer.MIN_VALUE));
    }

    @Test
    void leaderEpochsDoNotGoBack() {
        var updated = topic(ID, 3, 3, 3).updatedBy(topic(ID, 2, 3, 4));

        assertThat(updated.partitions()).extracting(PartitionImage::leaderId).containsExactly(3, 3, 4);
    }

    @Test
    void partitionsAreNotForgotten() {
        var updated = topic(ID, 3, 5).updatedBy(topic(ID, 4));

        assertThat(updated.partitions()).extracting(PartitionImage::leaderEpoch).containsExactly(4, 5);
    }

    @Test
    void aTopicThatWasCreatedAnewBeginsAnew() {
        assertThat(topic(ID, 3, 5).updatedBy(topic(new UUID(1, 3), 0)).partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsExactly(0);
        assertThat(topic(Message.ZERO_UUID, 3, 5)
                        .updatedBy(topic(Message.ZERO_UUID, 0))
                        .partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsExactly(0);
    }

    @Test
    void aLeaderThatABrokerNamesCountsIfItIsNewer() {
        var known = topic(ID, 3, 5);
        var endpoint = new Endpoint("other", 9092);

        assertThat(known.ledBy(Map.of(0, new LeaderHint(9, 4, endpoint))).partitions())
                .extracting(PartitionImage::leaderId)
                .containsExactly(9, 5);
        assertThat(known.isNews(0, new LeaderHint(9, 4, endpoint))).isTrue();
        assertThat(known.isNews(1, new LeaderHint(9, 5, endpoint))).isFalse();
        assertThat(known.isNews(2, new LeaderHint(9, 6, endpoint))).isFalse();
    }
}
