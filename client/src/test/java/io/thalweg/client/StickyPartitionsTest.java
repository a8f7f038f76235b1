package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.client.RecordAccumulator.Added;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StickyPartitionsTest {

    private static final List<Integer> THREE = List.of(0, 1, 2);

    @Test
    void producersBeginWithDifferentPartitions() {
        var first = new HashSet<Integer>();
        for (int seed = 0; seed < 50; seed++) {
            first.add(new StickyPartitions(new Random(seed)).current("flights", THREE));
        }

        assertThat(first).containsExactlyInAnyOrderElementsOf(THREE);
    }

    @Test
    void theNextPartitionFollowsAFullBatch() {
        var sticky = new StickyPartitions(new Random(1));
        var first = sticky.current("flights", THREE);
        sticky.added("flights", Added.NEW_BATCH);
        sticky.added("flights", Added.QUIETLY);
        assertThat(sticky.current("flights", THREE)).isEqualTo(first);

        sticky.added("flights", Added.FULL_BATCH);

        assertThat(sticky.current("flights", THREE)).isEqualTo((first + 1) % 3);
    }

    @Test
    void partitionsWithoutALeaderAreLeftOutUnlessAllAre() {
        assertThat(topic(4, -1, 5).writable()).containsExactly(0, 2);
        assertThat(topic(-1, -1).writable()).containsExactly(0, 1);
    }

    private static TopicImage topic(int... leaders) {
        var partitions = IntStream.range(0, leaders.length)
                .mapToObj(index -> new MetadataResponse.Partition(
                        (short) 0, index, leaders[index], 3, List.of(), List.of(), List.of()))
                .toList();
        return TopicImage.of(
                "flights",
                new MetadataResponse.Topic(
                        (short) 0, "flights", ScriptedBroker.TOPIC_ID, false, partitions, Integer.MIN_VALUE));
    }
}
