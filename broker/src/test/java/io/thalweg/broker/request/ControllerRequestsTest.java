package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.AlterConfigsRequest;
import io.thalweg.protocol.message.AlterConfigsResponse;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import io.thalweg.protocol.message.MetadataRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handlers of what the controller decides about several things at once: each has a row of its own in the answer. */
final class ControllerRequestsTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    static Stream<Arguments> everyRequestInEveryVersion() {
        return Stream.of(
                        versions(createTopics(), 2, 7, createdTopics()),
                        versions(createPartitions(), 0, 3, createdPartitions()),
                        versions(reassignments(), 0, 1, reassigned()),
                        versions(deleteByName(), 1, 5, deletedTopics()),
                        versions(alterConfigs(), 0, 2, alteredConfigs()),
                        versions(incrementalAlterConfigs(), 0, 1, incrementallyAlteredConfigs()))
                .flatMap(arguments -> arguments);
    }

    private static Stream<Arguments> versions(RequestMessage request, int from, int to, ResponseMessage answer) {
        return IntStream.rangeClosed(from, to).mapToObj(version -> Arguments.of(request, version, answer));
    }

    @ParameterizedTest
    @MethodSource("everyRequestInEveryVersion")
    void theControllersDecisionIsTheAnswer(RequestMessage request, int version, ResponseMessage decision) {
        broker.controller.decides(asked -> decision);

        var answer = TestClient.get(client.send(request, version));

        assertThat(answer.getClass()).isEqualTo(decision.getClass());
        assertThat(text(answer)).contains("36").contains("orders");
        assertThat(broker.controller.requests()).hasSize(1);
        assertThat(text(broker.controller.requests().get(0))).contains("orders");
    }

    @ParameterizedTest
    @MethodSource("everyRequestInEveryVersion")
    void aControllerThatFailsIsAnErrorInEveryRow(RequestMessage request, int version, ResponseMessage decision) {
        broker.controller.decides(asked -> {
            throw new IllegalStateException("broken by the test");
        });

        var answer = TestClient.get(client.send(request, version));

        assertThat(text(answer)).contains("errorCode=-1").contains("orders").doesNotContain("broken by the test");
    }

    private static String text(Object message) {
        return message.toString();
    }

    @Test
    void requestsBehindWaitForTheDecision() {
        var gate = new CompletableFuture<Void>();
        broker.controller.waitsFor(gate);
        broker.controller.decides(asked -> createdTopics());
        var deciding = client.send(createTopics(), 5);
        var behind = client.send(MetadataRequest.builder().topics(null).build(), 9);

        assertThat(deciding).isNotDone();
        assertThat(behind).isNotDone();
        gate.complete(null);

        TestClient.get(deciding);
        TestClient.get(behind);
    }

    @Test
    void topicsAreDeletedByNameOrIdInVersion6() {
        var request = DeleteTopicsRequest.builder()
                .topics(List.of(
                        DeleteTopicsRequest.Topic.builder().name("orders").build(),
                        DeleteTopicsRequest.Topic.builder()
                                .name(null)
                                .topicId(FakeCluster.id(4))
                                .build()))
                .build();

        var answer = client.call(request, 6, DeleteTopicsResponse.class);

        assertThat(broker.controller.requests()).containsExactly(request);
        assertThat(answer.responses())
                .extracting(DeleteTopicsResponse.Topic::name)
                .containsExactly("orders", null);
        assertThat(answer.responses().get(1).topicId()).isEqualTo(FakeCluster.id(4));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void olderClientsDoNotHearThatDeletionIsSwitchedOff(int version) {
        broker.controller.decides(asked -> DeleteTopicsResponse.builder()
                .responses(List.of(DeleteTopicsResponse.Topic.builder()
                        .name("orders")
                        .errorCode(ErrorCode.TOPIC_DELETION_DISABLED.code())
                        .build()))
                .build());

        var answer = client.call(deleteByName(), version, DeleteTopicsResponse.class);

        assertThat(answer.responses().get(0).errorCode())
                .isEqualTo(version < 3 ? ErrorCode.INVALID_REQUEST.code() : ErrorCode.TOPIC_DELETION_DISABLED.code());
    }

    private static CreateTopicsRequest createTopics() {
        return CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name("orders")
                        .numPartitions(1)
                        .replicationFactor((short) 1)
                        .build()))
                .build();
    }

    private static CreateTopicsResponse createdTopics() {
        return CreateTopicsResponse.builder()
                .topics(List.of(CreateTopicsResponse.Topic.builder()
                        .name("orders")
                        .errorCode((short) 36)
                        .build()))
                .build();
    }

    private static CreatePartitionsRequest createPartitions() {
        return CreatePartitionsRequest.builder()
                .topics(List.of(CreatePartitionsRequest.Topic.builder()
                        .name("orders")
                        .count(3)
                        .assignments(null)
                        .build()))
                .build();
    }

    private static CreatePartitionsResponse createdPartitions() {
        return CreatePartitionsResponse.builder()
                .results(List.of(CreatePartitionsResponse.Topic.builder()
                        .name("orders")
                        .errorCode((short) 36)
                        .build()))
                .build();
    }

    private static AlterPartitionReassignmentsRequest reassignments() {
        return AlterPartitionReassignmentsRequest.builder()
                .topics(List.of(new AlterPartitionReassignmentsRequest.Topic(
                        "orders", List.of(new AlterPartitionReassignmentsRequest.Partition(0, List.of(1, 2))))))
                .build();
    }

    private static AlterPartitionReassignmentsResponse reassigned() {
        return AlterPartitionReassignmentsResponse.builder()
                .responses(List.of(new AlterPartitionReassignmentsResponse.Topic(
                        "orders",
                        List.of(new AlterPartitionReassignmentsResponse.Partition(0, (short) 36, "as the test says")))))
                .build();
    }

    private static DeleteTopicsRequest deleteByName() {
        return DeleteTopicsRequest.builder().topicNames(List.of("orders")).build();
    }

    private static DeleteTopicsResponse deletedTopics() {
        return DeleteTopicsResponse.builder()
                .responses(List.of(DeleteTopicsResponse.Topic.builder()
                        .name("orders")
                        .errorCode((short) 36)
                        .build()))
                .build();
    }

    private static AlterConfigsRequest alterConfigs() {
        return AlterConfigsRequest.builder()
                .resources(List.of(AlterConfigsRequest.Resource.builder()
                        .resourceType((byte) 2)
                        .resourceName("orders")
                        .build()))
                .build();
    }

    private static AlterConfigsResponse alteredConfigs() {
        return AlterConfigsResponse.builder()
                .responses(List.of(AlterConfigsResponse.Resource.builder()
                        .resourceType((byte) 2)
                        .resourceName("orders")
                        .errorCode((short) 36)
                        .build()))
                .build();
    }

    private static IncrementalAlterConfigsRequest incrementalAlterConfigs() {
        return IncrementalAlterConfigsRequest.builder()
                .resources(List.of(IncrementalAlterConfigsRequest.Resource.builder()
                        .resourceType((byte) 2)
                        .resourceName("orders")
                        .build()))
                .build();
    }

    private static IncrementalAlterConfigsResponse incrementallyAlteredConfigs() {
        return IncrementalAlterConfigsResponse.builder()
                .responses(List.of(IncrementalAlterConfigsResponse.Resource.builder()
                        .resourceType((byte) 2)
                        .resourceName("orders")
                        .errorCode((short) 36)
                        .build()))
                .build();
    }
}
