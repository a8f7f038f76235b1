package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsRequest.Assignment;
import io.thalweg.protocol.message.CreatePartitionsRequest.Topic;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CreatePartitionsDeciderTest {

    private final CreatePartitionsDecider decider = new CreatePartitionsDecider(new ReplicaPlacement(new Random(1)));
    private final Cluster cluster =
            Cluster.withBrokers(1, 2).topic("orders", 2, 1).topic("pairs", 1, 1, 2);

    private List<CreatePartitionsResponse.Topic> add(Topic... topics) {
        var request = CreatePartitionsRequest.builder().topics(List.of(topics)).build();
        return cluster.decide(decider, request).results();
    }

    private static Topic grown(String name, int count) {
        return new Topic(name, count, null);
    }

    private static Topic assigned(String name, int count, int[]... assignments) {
        return new Topic(
                name,
                count,
                Arrays.stream(assignments)
                        .map(brokers ->
                                new Assignment(IntStream.of(brokers).boxed().toList()))
                        .toList());
    }

    private static CreatePartitionsResponse.Topic row(String name, ErrorCode error, @Nullable String message) {
        return new CreatePartitionsResponse.Topic(name, error.code(), message);
    }

    private void assertRefused(Topic topic, ErrorCode error, String message) {
        var before = cluster.image();

        assertThat(add(topic)).containsExactly(row(topic.name(), error, message));
        assertThat(cluster.image()).isEqualTo(before);
    }

    @Test
    void topicGrowsAndKeepsWhatItHad() {
        var before = cluster.partition("orders", 1);

        assertThat(add(grown("orders", 4))).containsExactly(row("orders", ErrorCode.NONE, null));

        assertThat(cluster.image().topic("orders").orElseThrow().partitionCount())
                .isEqualTo(4);
        assertThat(cluster.partition("orders", 1)).isEqualTo(before);
    }

    @Test
    void newPartitionsHaveTheReplicationFactorOfTheTopic() {
        add(grown("pairs", 3));

        assertThat(cluster.partition("pairs", 2).replicas()).containsExactlyInAnyOrder(1, 2);
        assertThat(cluster.partition("pairs", 1).leader())
                .isNotEqualTo(cluster.partition("pairs", 2).leader());
    }

    @Test
    void countMustGrow() {
        assertRefused(
                grown("orders", 2),
                ErrorCode.INVALID_PARTITIONS,
                "partition count 2 refused: topic orders has 2, and the count can only grow");
        assertRefused(
                grown("orders", -1),
                ErrorCode.INVALID_PARTITIONS,
                "partition count -1 refused: topic orders has 2, and the count can only grow");
    }

    @Test
    void tooManyAtOnceAreRefused() {
        assertRefused(
                grown("orders", 10_003),
                ErrorCode.POLICY_VIOLATION,
                "partition count 10003 refused: one request may add at most 10000");
    }

    @Test
    void unknownTopicIsRefused() {
        assertRefused(grown("nope", 2), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic nope does not exist");
    }

    @Test
    void everyTopicHasOneRow() {
        assertThat(add(grown("orders", 3), grown("pairs", 2), grown("orders", 4)))
                .containsExactly(
                        row("orders", ErrorCode.INVALID_REQUEST, "topic orders is in the request more than once"),
                        row("pairs", ErrorCode.NONE, null));
        assertThat(cluster.image().topic("orders").orElseThrow().partitionCount())
                .isEqualTo(2);
    }

    @Test
    void assignmentIsTakenAsItIs() {
        add(assigned("pairs", 3, new int[] {2, 1}, new int[] {1, 2}));

        assertThat(cluster.partition("pairs", 1))
                .isEqualTo(new PartitionImage(1, List.of(2, 1), List.of(2, 1), 2, 0, 0));
        assertThat(cluster.partition("pairs", 2))
                .isEqualTo(new PartitionImage(2, List.of(1, 2), List.of(1, 2), 1, 0, 0));
    }

    @Test
    void assignmentThatDoesNotFitIsRefused() {
        assertRefused(
                assigned("orders", 4, new int[] {1}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignments of 1 partitions refused: expected one for each of the 2 new ones");
        assertRefused(
                assigned("orders", 3, new int[] {9}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 2 refused: broker 9 is not registered");
        assertRefused(
                assigned("orders", 3, new int[] {1, 2}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 2 refused: it has 2 brokers, partition 0 has 1");
        assertRefused(
                assigned("orders", 3, new int[] {}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 2 refused: the list of brokers is empty");
    }

    @Test
    void validationChangesNothing() {
        var request = CreatePartitionsRequest.builder()
                .topics(List.of(grown("orders", 3), grown("pairs", 0)))
                .validateOnly(true)
                .build();

        var decision = decider.decide(cluster.image(), request);

        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply().results())
                .extracting(CreatePartitionsResponse.Topic::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.INVALID_PARTITIONS.code());
    }
}
