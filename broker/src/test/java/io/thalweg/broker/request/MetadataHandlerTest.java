package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.request.BrokerFixture.Options;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataHandlerTest {

    private final BrokerFixture broker = new BrokerFixture(Options.DEFAULT.creatingTopics());
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void everyVersionTellsBrokersAndTopics(int version) {
        var topic = broker.createTopic("orders", 2);

        var answer = ask(version, names("orders"));

        assertThat(answer.brokers())
                .containsExactly(
                        new MetadataResponse.Broker(1, "broker", broker.port(), version < 1 ? null : "rack-1"));
        assertThat(answer.clusterId()).isEqualTo(version < 2 ? null : FakeCluster.CLUSTER_ID);
        assertThat(answer.controllerId()).isEqualTo(version < 1 ? -1 : 1);
        var found = answer.topics().get(0);
        assertThat(found.name()).isEqualTo("orders");
        assertThat(found.errorCode()).isZero();
        assertThat(found.isInternal()).isFalse();
        assertThat(found.topicId()).isEqualTo(version < 10 ? Message.ZERO_UUID : topic.id());
        assertThat(found.topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(found.partitions())
                .containsExactly(partition(0, version < 7 ? -1 : 0), partition(1, version < 7 ? -1 : 0));
    }

    private static MetadataResponse.Partition partition(int index, int leaderEpoch) {
        return new MetadataResponse.Partition((short) 0, index, 1, leaderEpoch, List.of(1), List.of(1), List.of());
    }

    @Test
    void anEmptyListAsksForAllInVersion0AndForNoneLater() {
        broker.createTopic("one", 1);
        broker.createTopic("two", 1);

        assertThat(ask(0, List.of()).topics())
                .extracting(MetadataResponse.Topic::name)
                .containsExactly("one", "two");
        assertThat(ask(1, List.of()).topics()).isEmpty();
        assertThat(ask(13, List.of()).topics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9, 10, 13})
    void nullAsksForAll(int version) {
        broker.createTopic("one", 1);
        broker.createTopic("two", 1);

        assertThat(ask(version, null).topics())
                .extracting(MetadataResponse.Topic::name)
                .containsExactly("one", "two");
        assertThat(broker.controller.requests()).isEmpty();
    }

    @Test
    void aTopicAskedForTwiceIsToldOnce() {
        broker.createTopic("one", 1);

        assertThat(ask(9, names("one", "one")).topics()).hasSize(1);
    }

    @Test
    void topicsAreFoundByIdFromVersion12On() {
        var topic = broker.createTopic("orders", 1);

        var found = ask(12, List.of(byId(topic.id()), byId(FakeCluster.id(77)), namedEmptyById(topic.id())))
                .topics();

        assertThat(found.get(0).name()).isEqualTo("orders");
        assertThat(found.get(0).errorCode()).isZero();
        assertThat(found.get(1).name()).isNull();
        assertThat(found.get(1).topicId()).isEqualTo(FakeCluster.id(77));
        assertThat(error(found.get(1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(found.get(2)).isEqualTo(found.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11})
    void versions10And11HaveIdsAndMayNotUseThem(int version) {
        var topic = broker.createTopic("orders", 1);

        var answer = ask(version, List.of(byId(topic.id())));

        assertThat(error(answer.topics().get(0))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(answer.topics().get(0).name()).isEmpty();
    }

    @Test
    void operationsAreToldToWhoAsks() {
        broker.createTopic("orders", 1);
        var request = MetadataRequest.builder()
                .topics(names("orders", "no such topic"))
                .allowAutoTopicCreation(false)
                .includeTopicAuthorizedOperations(true);

        var topics = client.call(request.build(), 11, MetadataResponse.class).topics();
        var cluster =
                client.call(request.includeClusterAuthorizedOperations(true).build(), 8, MetadataResponse.class);

        assertThat(topics)
                .extracting(MetadataResponse.Topic::topicAuthorizedOperations)
                .containsOnly(3576);
        assertThat(cluster.clusterAuthorizedOperations()).isEqualTo(8096);
    }

    @Test
    void internalTopicsAreMarked() {
        broker.createTopic("__consumer_offsets", 1);

        assertThat(ask(9, null).topics().get(0).isInternal()).isTrue();
    }

    @Test
    void aMissingTopicIsCreatedWithTheBrokersDefaultsAndToldAtOnce() {
        createsWhatIsAsked();

        var found = ask(9, names("fresh")).topics().get(0);

        assertThat(found.errorCode()).isZero();
        assertThat(found.partitions()).hasSize(1);
        var asked = (CreateTopicsRequest) broker.controller.requests().get(0);
        assertThat(asked.topics()).extracting(CreateTopicsRequest.Topic::name).containsExactly("fresh");
        assertThat(asked.topics().get(0).numPartitions()).isEqualTo(-1);
        assertThat(asked.topics().get(0).replicationFactor()).isEqualTo((short) -1);
    }

    @Test
    void requestsBehindWaitForTheCreation() {
        createsWhatIsAsked();
        var gate = new CompletableFuture<Void>();
        broker.controller.waitsFor(gate);
        var creating =
                client.send(MetadataRequest.builder().topics(names("fresh")).build(), 9);
        var behind = client.send(MetadataRequest.builder().topics(null).build(), 9);

        assertThat(creating).isNotDone();
        gate.complete(null);

        assertThat(((MetadataResponse) TestClient.get(creating)).topics()).hasSize(1);
        assertThat(((MetadataResponse) TestClient.get(behind)).topics()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "no good", "ümlaut", "a/b"})
    void anImpossibleNameIsNotCreated(String name) {
        var found = ask(9, names(name)).topics().get(0);

        assertThat(error(found)).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(broker.controller.requests()).isEmpty();
    }

    @Test
    void aNameThatIsTooLongIsNotCreated() {
        createsWhatIsAsked();

        assertThat(error(ask(9, names("x".repeat(249))).topics().get(0))).isEqualTo(ErrorCode.NONE);
        assertThat(error(ask(9, names("x".repeat(250))).topics().get(0))).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void internalTopicsAreNotCreatedByAsking() {
        var found = ask(9, names("__consumer_offsets")).topics().get(0);

        assertThat(error(found)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(found.isInternal()).isTrue();
        assertThat(broker.controller.requests()).isEmpty();
    }

    @Test
    void aClientMayForbidTheCreationFromVersion4On() {
        createsWhatIsAsked();
        var forbidding = MetadataRequest.builder()
                .topics(names("fresh"))
                .allowAutoTopicCreation(false)
                .build();

        var found = client.call(forbidding, 4, MetadataResponse.class).topics().get(0);

        assertThat(error(found)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(broker.controller.requests()).isEmpty();
    }

    @Test
    void olderClientsHaveTheirTopicsCreated() {
        createsWhatIsAsked();

        assertThat(error(ask(1, names("fresh")).topics().get(0))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aBrokerMayForbidTheCreation() {
        try (var other = new BrokerFixture()) {
            var answer = other.client()
                    .call(MetadataRequest.builder().topics(names("fresh")).build(), 9, MetadataResponse.class);

            assertThat(error(answer.topics().get(0))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(other.controller.requests()).isEmpty();
        }
    }

    @Test
    void aTopicThatCannotBeCreatedSaysWhy() {
        broker.controller.decides(request -> CreateTopicsResponse.builder()
                .topics(List.of(CreateTopicsResponse.Topic.builder()
                        .name("fresh")
                        .errorCode(ErrorCode.INVALID_REPLICATION_FACTOR.code())
                        .build()))
                .build());

        assertThat(error(ask(9, names("fresh")).topics().get(0))).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void aTopicThatSomeoneElseCreatedMeanwhileIsTold() {
        broker.controller.decides(request -> {
            broker.createTopic("fresh", 1);
            return CreateTopicsResponse.builder()
                    .topics(List.of(CreateTopicsResponse.Topic.builder()
                            .name("fresh")
                            .errorCode(ErrorCode.TOPIC_ALREADY_EXISTS.code())
                            .build()))
                    .build();
        });

        assertThat(error(ask(9, names("fresh")).topics().get(0))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void withoutAControllerTheClientAsksAgain() {
        broker.controller.decides(request -> {
            throw new IllegalStateException("no controller");
        });

        assertThat(error(ask(9, names("fresh")).topics().get(0))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void brokersWithoutTheListenerAndFencedOnesAreLeftOut() {
        broker.cluster.register(2, "fenced", 1, FakeCluster.LISTENER, true);
        broker.cluster.register(3, "inside", 1, "INTERNAL", false);

        assertThat(ask(9, null).brokers())
                .extracting(MetadataResponse.Broker::nodeId)
                .containsExactly(1);
    }

    @Test
    void aLeaderOutOfReachIsAnErrorOfThePartition() {
        broker.cluster.register(3, "inside", 1, "INTERNAL", false);
        broker.cluster.createTopic("apart", FakeCluster.id(50), 3, 4);

        var partitions = ask(9, names("apart")).topics().get(0).partitions();
        var older = ask(5, names("apart")).topics().get(0).partitions();

        assertThat(partitions)
                .extracting(MetadataResponse.Partition::errorCode)
                .containsExactly(ErrorCode.LISTENER_NOT_FOUND.code(), ErrorCode.LEADER_NOT_AVAILABLE.code());
        assertThat(partitions).extracting(MetadataResponse.Partition::leaderId).containsOnly(-1);
        assertThat(partitions.get(0).offlineReplicas()).containsExactly(3);
        assertThat(older)
                .extracting(MetadataResponse.Partition::errorCode)
                .containsOnly(ErrorCode.LEADER_NOT_AVAILABLE.code());
    }

    @Test
    void version0LeavesOutReplicasOutOfReach() {
        var topic = TopicImage.of("apart", FakeCluster.id(50))
                .with(PartitionImage.created(0, List.of(1, 4), List.of(1, 4)));
        broker.cluster.change(image -> image.with(topic));

        var oldest = ask(0, names("apart")).topics().get(0).partitions().get(0);
        var newer = ask(1, names("apart")).topics().get(0).partitions().get(0);

        assertThat(oldest.replicaNodes()).containsExactly(1);
        assertThat(oldest.errorCode()).isEqualTo(ErrorCode.REPLICA_NOT_AVAILABLE.code());
        assertThat(newer.replicaNodes()).containsExactly(1, 4);
        assertThat(newer.errorCode()).isZero();
    }

    @Test
    void thisBrokerStandsInForAControllerOutOfReach() {
        broker.cluster.controller(OptionalInt.of(9));
        assertThat(ask(9, null).controllerId()).isEqualTo(1);

        broker.cluster.controller(OptionalInt.empty());
        assertThat(ask(9, null).controllerId()).isEqualTo(1);
    }

    private void createsWhatIsAsked() {
        broker.controller.decides(request -> {
            var rows = new ArrayList<CreateTopicsResponse.Topic>();
            for (var topic : ((CreateTopicsRequest) request).topics()) {
                broker.createTopic(topic.name(), 1);
                rows.add(CreateTopicsResponse.Topic.builder().name(topic.name()).build());
            }
            return CreateTopicsResponse.builder().topics(rows).build();
        });
    }

    private MetadataResponse ask(int version, @Nullable List<MetadataRequest.Topic> topics) {
        return client.call(MetadataRequest.builder().topics(topics).build(), version, MetadataResponse.class);
    }

    private static List<MetadataRequest.Topic> names(String... names) {
        return List.of(names).stream()
                .map(name -> MetadataRequest.Topic.builder().name(name).build())
                .toList();
    }

    private static MetadataRequest.Topic byId(UUID id) {
        return MetadataRequest.Topic.builder().name(null).topicId(id).build();
    }

    /** As Kafka's own Java client asks. */
    private static MetadataRequest.Topic namedEmptyById(UUID id) {
        return MetadataRequest.Topic.builder().name("").topicId(id).build();
    }

    private static ErrorCode error(MetadataResponse.Topic topic) {
        return ErrorCode.forCode(topic.errorCode()).orElseThrow();
    }
}
