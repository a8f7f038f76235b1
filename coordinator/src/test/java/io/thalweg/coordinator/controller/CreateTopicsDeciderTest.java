package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsRequest.Assignment;
import io.thalweg.protocol.message.CreateTopicsRequest.Config;
import io.thalweg.protocol.message.CreateTopicsRequest.Topic;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CreateTopicsDeciderTest {

    private final Random random = new Random(1);
    private final CreateTopicsDecider decider = new CreateTopicsDecider(
            new ControllerConfig.Topics(3, (short) 1, true),
            new SampleSchema(),
            new RandomIds(random),
            new ReplicaPlacement(random));
    private final Cluster cluster = Cluster.withBrokers(1);

    private static Topic topic(String name, int partitionCount, int replicationFactor) {
        return Topic.builder()
                .name(name)
                .numPartitions(partitionCount)
                .replicationFactor((short) replicationFactor)
                .build();
    }

    private static Topic configured(String name, Config... configs) {
        return topic(name, 1, 1).toBuilder().configs(List.of(configs)).build();
    }

    /** Each assignment is a partition's number followed by its brokers. */
    private static Topic assigned(String name, int partitionCount, int replicationFactor, int[]... assignments) {
        return topic(name, partitionCount, replicationFactor).toBuilder()
                .assignments(Arrays.stream(assignments)
                        .map(numbers -> new Assignment(
                                numbers[0],
                                IntStream.of(numbers).skip(1).boxed().toList()))
                        .toList())
                .build();
    }

    private CreateTopicsResponse.Topic create(Topic topic) {
        return createAll(topic).get(0);
    }

    private List<CreateTopicsResponse.Topic> createAll(Topic... topics) {
        var request = CreateTopicsRequest.builder().topics(List.of(topics)).build();
        return cluster.decide(decider, request).topics();
    }

    private void assertRefused(Topic topic, ErrorCode error, String message) {
        var before = cluster.image();

        var row = create(topic);

        assertThat(row.name()).isEqualTo(topic.name());
        assertThat(ErrorCode.forCode(row.errorCode())).contains(error);
        assertThat(row.errorMessage()).isEqualTo(message);
        assertThat(row.topicId()).isEqualTo(Message.ZERO_UUID);
        assertThat(cluster.image()).isEqualTo(before);
    }

    @Test
    void topicIsCreatedAsAskedFor() {
        var row = create(topic("orders", 2, 1));

        var created = cluster.image().topic("orders").orElseThrow();
        assertThat(row.errorCode()).isZero();
        assertThat(row.errorMessage()).isNull();
        assertThat(row.topicId()).isEqualTo(created.id()).isNotEqualTo(Message.ZERO_UUID);
        assertThat(row.numPartitions()).isEqualTo(2);
        assertThat(row.replicationFactor()).isEqualTo((short) 1);
        assertThat(created.partitions())
                .containsExactly(
                        new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0),
                        new PartitionImage(1, List.of(1), List.of(1), 1, 0, 0));
    }

    @Test
    void minusOneMeansTheDefaults() {
        var row = create(topic("orders", -1, -1));

        assertThat(row.numPartitions()).isEqualTo(3);
        assertThat(row.replicationFactor()).isEqualTo((short) 1);
        assertThat(cluster.image().topic("orders").orElseThrow().partitionCount())
                .isEqualTo(3);
    }

    @Test
    void replyListsConfigsWithTheirSources() {
        var row = create(configured("orders", new Config("retention.ms", "5")));

        assertThat(row.configs())
                .extracting("name", "value", "configSource")
                .contains(tuple("retention.ms", "5", (byte) 1), tuple("cleanup.policy", "delete", (byte) 5));
        assertThat(cluster.image().configs(ConfigResource.ofTopic("orders"))).isEqualTo(Map.of("retention.ms", "5"));
    }

    @Test
    void validationAnswersTheSameAndCreatesNothing() {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(topic("orders", 2, 1), topic("bad", 0, 1)))
                .validateOnly(true)
                .build();

        var decision = decider.decide(cluster.image(), request);

        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply().topics())
                .extracting(CreateTopicsResponse.Topic::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.INVALID_PARTITIONS.code());
        assertThat(decision.reply().topics().get(0).numPartitions()).isEqualTo(2);
    }

    @Test
    void everyTopicHasAnIdOfItsOwn() {
        createAll(topic("a", 1, 1), topic("b", 1, 1), topic("c", 1, 1));

        assertThat(cluster.image().topics())
                .extracting(TopicImage::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.version() == 4 && id.variant() == 2)
                .noneMatch(id -> RandomIds.text(id).startsWith("-"));
    }

    @Test
    void existingTopicIsRefused() {
        cluster.topic("orders", 1, 1);

        assertRefused(topic("orders", 1, 1), ErrorCode.TOPIC_ALREADY_EXISTS, "topic orders exists already");
    }

    @Test
    void namesThatMetricsCannotTellApartAreRefused() {
        cluster.topic("a.b", 1, 1);

        assertRefused(
                topic("a_b", 1, 1),
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "topic name 'a_b' cannot be used: metrics cannot tell it from topic 'a.b'");
    }

    @Test
    void namesThatMetricsCannotTellApartAreRefusedWithinARequest() {
        var rows = createAll(topic("a.b", 1, 1), topic("a_b", 1, 1));

        assertThat(rows)
                .extracting(CreateTopicsResponse.Topic::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void nameIsFreeAgainAfterDeletion() {
        cluster.topic("a.b", 1, 1);
        cluster.decide(
                new DeleteTopicsDecider(true),
                DeleteTopicsRequest.builder().topicNames(List.of("a.b")).build());

        assertThat(create(topic("a_b", 1, 1)).errorCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "x y", "x/y", "ü", "x\u0000"})
    void unusableNamesAreRefused(String name) {
        assertThat(create(topic(name, 1, 1)).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void longestNameHas249Characters() {
        assertThat(create(topic("l".repeat(249), 1, 1)).errorCode()).isZero();
        assertRefused(
                topic("l".repeat(250), 1, 1),
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "topic name '" + "l".repeat(250) + "' cannot be used: it has 250 characters; at most 249 are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__thalweg_metadata", "__cluster_metadata"})
    void namesOfMetadataLogsAreReserved(String name) {
        assertRefused(
                topic(name, 1, 1),
                ErrorCode.INVALID_REQUEST,
                "topic " + name + " cannot be created: the name is reserved for metadata");
    }

    @Test
    void nameThatIsThereTwiceHasOneRowAndIsRefused() {
        var rows = createAll(topic("a", 1, 1), topic("b", 1, 1), topic("a", 2, 1));

        assertThat(rows)
                .extracting(CreateTopicsResponse.Topic::name, CreateTopicsResponse.Topic::errorCode)
                .containsExactly(tuple("a", ErrorCode.INVALID_REQUEST.code()), tuple("b", ErrorCode.NONE.code()));
        assertThat(cluster.image().topic("a")).isEmpty();
    }

    @Test
    void partitionCountBelowOneIsRefused() {
        assertRefused(
                topic("orders", 0, 1),
                ErrorCode.INVALID_PARTITIONS,
                "partition count 0 refused: expected 1 or more, or -1 for the default");
        assertRefused(
                topic("orders", -2, 1),
                ErrorCode.INVALID_PARTITIONS,
                "partition count -2 refused: expected 1 or more, or -1 for the default");
    }

    @Test
    void replicationFactorOutOfReachIsRefused() {
        assertRefused(
                topic("orders", 1, 0),
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication factor 0 refused: expected 1 or more, or -1 for the default");
        assertRefused(
                topic("orders", 1, 2),
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication factor 2 cannot be reached: 1 brokers are registered");
    }

    @Test
    void topicNeedsAnActiveBroker() {
        cluster.broker(1, true);

        assertRefused(
                topic("orders", 1, 1),
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication factor 1 cannot be reached: none of the 1 registered brokers is active");
    }

    @Test
    void leadersGoRoundTheActiveBrokersAndFencedOnesFollow() {
        cluster.broker(2, true).broker(3, false);

        create(topic("orders", 4, 3));

        var partitions = cluster.image().topic("orders").orElseThrow().partitions();
        assertThat(partitions).allSatisfy(partition -> {
            assertThat(partition.replicas()).containsExactlyInAnyOrder(1, 2, 3).endsWith(2);
            assertThat(partition.isr()).containsExactlyInAnyOrder(1, 3);
            assertThat(partition.leader()).isEqualTo(partition.replicas().get(0));
        });
        assertThat(partitions.stream().filter(partition -> partition.leader() == 1))
                .hasSize(2);
    }

    @Test
    void tooManyPartitionsAreRefused() {
        var rows = createAll(topic("a", 9_999, 1), topic("b", 2, 1));

        assertThat(rows)
                .extracting(CreateTopicsResponse.Topic::errorCode)
                .containsOnly(ErrorCode.POLICY_VIOLATION.code());
        assertThat(createAll(topic("a", 9_999, 1), topic("b", 1, 1)))
                .extracting(CreateTopicsResponse.Topic::errorCode)
                .containsOnly(ErrorCode.NONE.code());
    }

    @Test
    void assignmentIsTakenAsItIs() {
        cluster.broker(2, false).broker(3, true);

        create(assigned("orders", -1, -1, new int[] {1, 3, 2}, new int[] {0, 2, 1}));

        assertThat(cluster.partition("orders", 0))
                .isEqualTo(new PartitionImage(0, List.of(2, 1), List.of(2, 1), 2, 0, 0));
        assertThat(cluster.partition("orders", 1)).isEqualTo(new PartitionImage(1, List.of(3, 2), List.of(2), 2, 0, 0));
    }

    @Test
    void assignmentBesideNumbersIsRefused() {
        assertRefused(
                assigned("orders", 2, -1, new int[] {0, 1}),
                ErrorCode.INVALID_REQUEST,
                "partition count 2 and replication factor -1 refused: expected -1 for both beside an assignment");
        assertRefused(
                assigned("orders", -1, 1, new int[] {0, 1}),
                ErrorCode.INVALID_REQUEST,
                "partition count -1 and replication factor 1 refused: expected -1 for both beside an assignment");
    }

    @Test
    void assignmentWithAGapOrTwiceIsRefused() {
        assertRefused(
                assigned("orders", -1, -1, new int[] {0, 1}, new int[] {2, 1}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 2 refused: expected partition 1, because they are numbered from 0 without a gap");
        assertRefused(
                assigned("orders", -1, -1, new int[] {0, 1}, new int[] {0, 1}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 0 refused: expected partition 1, because they are numbered from 0 without a gap");
    }

    @Test
    void assignmentToImpossibleBrokersIsRefused() {
        cluster.broker(2, true);

        assertRefused(
                assigned("orders", -1, -1, new int[] {0}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 0 refused: the list of brokers is empty");
        assertRefused(
                assigned("orders", -1, -1, new int[] {0, 1, 9}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 0 refused: broker 9 is not registered");
        assertRefused(
                assigned("orders", -1, -1, new int[] {0, 1, 1}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 0 refused: broker 1 is listed twice");
        assertRefused(
                assigned("orders", -1, -1, new int[] {0, 2}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 0 refused: none of the brokers [2] is active");
        assertRefused(
                assigned("orders", -1, -1, new int[] {0, 1, 2}, new int[] {1, 1}),
                ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                "assignment of partition 1 refused: it has 1 brokers, partition 0 has 2");
    }

    @Test
    void configsAreValidated() {
        assertRefused(
                configured("orders", new Config("nope", "1")), ErrorCode.INVALID_CONFIG, "config nope is unknown");
        assertRefused(
                configured("orders", new Config("retention.ms", "soon")),
                ErrorCode.INVALID_CONFIG,
                "config retention.ms=soon refused: expected a value of type LONG");
        assertRefused(
                configured("orders", new Config("retention.ms", null)),
                ErrorCode.INVALID_CONFIG,
                "config retention.ms refused: its value is null");
        assertRefused(
                configured("orders", new Config("low", "7"), new Config("high", "6")),
                ErrorCode.INVALID_CONFIG,
                "low=7 is above high=6");
    }
}
