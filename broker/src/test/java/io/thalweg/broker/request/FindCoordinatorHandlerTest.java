package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FindCoordinatorHandlerTest {

    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theLeaderOfTheGroupsPartitionCoordinatesIt(int version) {
        broker.createTopic("__consumer_offsets", 3);

        var answer = client.call(
                FindCoordinatorRequest.builder().key("group").build(), version, FindCoordinatorResponse.class);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.nodeId()).isEqualTo(1);
        assertThat(answer.host()).isEqualTo("broker");
        assertThat(answer.port()).isEqualTo(broker.port());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6})
    void manyGroupsMayBeAskedForAtOnce(int version) {
        broker.createTopic("__consumer_offsets", 3);
        var request = FindCoordinatorRequest.builder()
                .coordinatorKeys(List.of("a", "b"))
                .build();

        var answer = client.call(request, version, FindCoordinatorResponse.class);

        assertThat(answer.coordinators())
                .containsExactly(
                        new FindCoordinatorResponse.Coordinator("a", 1, "broker", broker.port(), (short) 0, null),
                        new FindCoordinatorResponse.Coordinator("b", 1, "broker", broker.port(), (short) 0, null));
    }

    @Test
    void thereAreNoOtherCoordinators() {
        assertThat(error(TRANSACTION)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(error(SHARE)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error((byte) 9)).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aBrokerThatIsNotRegisteredYetHasTheClientComeBack() {
        broker.createTopic("__consumer_offsets", 3);
        broker.cluster.register(1, "broker", broker.port(), FakeCluster.LISTENER, true);

        assertThat(error((byte) 0)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void theTopicOfOffsetsIsCreatedForTheFirstToAsk() {
        broker.controller.decides(request -> {
            broker.createTopic("__consumer_offsets", 2);
            return CreateTopicsResponse.builder().build();
        });

        var answer =
                client.call(FindCoordinatorRequest.builder().key("group").build(), 3, FindCoordinatorResponse.class);

        assertThat(answer.nodeId()).isEqualTo(1);
        var creation = (CreateTopicsRequest) broker.controller.requests().get(0);
        assertThat(creation.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("__consumer_offsets");
            assertThat(topic.numPartitions()).isEqualTo(50);
            assertThat(topic.replicationFactor()).isEqualTo((short) 1);
            assertThat(topic.configs())
                    .contains(
                            new CreateTopicsRequest.Config("cleanup.policy", "compact"),
                            new CreateTopicsRequest.Config("segment.bytes", "104857600"));
        });
    }

    @Test
    void whileTheTopicOfOffsetsCannotBeCreatedTheClientComesBack() {
        assertThat(error((byte) 0)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    private ErrorCode error(byte keyType) {
        var single = client.call(
                FindCoordinatorRequest.builder().key("key").keyType(keyType).build(), 2, FindCoordinatorResponse.class);
        var batch = client.call(
                FindCoordinatorRequest.builder()
                        .coordinatorKeys(List.of("key"))
                        .keyType(keyType)
                        .build(),
                6,
                FindCoordinatorResponse.class);

        assertThat(batch.coordinators().get(0).errorCode()).isEqualTo(single.errorCode());
        assertThat(single.nodeId()).isEqualTo(-1);
        assertThat(batch.coordinators().get(0).nodeId()).isEqualTo(-1);
        return ErrorCode.forCode(single.errorCode()).orElseThrow();
    }
}
