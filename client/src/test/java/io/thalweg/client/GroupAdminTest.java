package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class GroupAdminTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 3);

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get();
    }

    @Test
    void aGroupIsDescribedOnceItsCoordinatorIsFound() throws Exception {
        try (var broker = ScriptedBroker.open(1)) {
            var asked = new AtomicInteger();
            broker.on(
                    ApiKey.FIND_COORDINATOR,
                    (version, request) -> asked.incrementAndGet() < 3
                            ? FindCoordinatorResponse.builder()
                                    .errorCode(ErrorCode.COORDINATOR_NOT_AVAILABLE.code())
                                    .build()
                            : self(broker));
            broker.on(ApiKey.DESCRIBE_GROUPS, (version, request) -> described());
            broker.on(ApiKey.OFFSET_FETCH, (version, request) -> committed());
            try (var client = broker.connect()) {
                var group = get(client.groups().describe("readers"));

                assertThat(asked).hasValue(3);
                assertThat(group.state()).isEqualTo("Stable");
                assertThat(group.committed()).isEqualTo(Map.of(PARTITION, 42L));
                assertThat(group.members()).singleElement().satisfies(member -> {
                    assertThat(member.clientId()).isEqualTo("client");
                    assertThat(member.assigned()).containsExactly(PARTITION);
                });
            }
        }
    }

    @Test
    void aGroupOfTheConsumerProtocolIsDescribedAsSuch() throws Exception {
        try (var broker = ScriptedBroker.open(1)) {
            broker.on(ApiKey.FIND_COORDINATOR, (version, request) -> self(broker));
            broker.on(ApiKey.DESCRIBE_GROUPS, (version, request) -> dead());
            broker.on(ApiKey.CONSUMER_GROUP_DESCRIBE, (version, request) -> consumers());
            broker.on(ApiKey.OFFSET_FETCH, (version, request) -> committed());
            try (var client = broker.connect()) {
                var group = get(client.groups().describe("readers"));

                assertThat(group.state()).isEqualTo("Reconciling");
                assertThat(group.protocolType()).isEqualTo("consumer");
                assertThat(group.protocol()).isEqualTo("uniform");
                assertThat(group.committed()).isEqualTo(Map.of(PARTITION, 42L));
                assertThat(group.members()).singleElement().satisfies(member -> {
                    assertThat(member.memberId()).isEqualTo("member");
                    assertThat(member.assigned()).containsExactly(PARTITION);
                });
            }
        }
    }

    @Test
    void aGroupThatIsNotThereIsDead() throws Exception {
        try (var broker = ScriptedBroker.open(1)) {
            broker.on(ApiKey.FIND_COORDINATOR, (version, request) -> self(broker));
            broker.on(ApiKey.DESCRIBE_GROUPS, (version, request) -> dead());
            broker.on(
                    ApiKey.CONSUMER_GROUP_DESCRIBE,
                    (version, request) -> ConsumerGroupDescribeResponse.builder()
                            .groups(List.of(ConsumerGroupDescribeResponse.Group.builder()
                                    .groupId("readers")
                                    .errorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                                    .build()))
                            .build());
            broker.on(
                    ApiKey.OFFSET_FETCH,
                    (version, request) -> OffsetFetchResponse.builder().build());
            try (var client = broker.connect()) {
                assertThat(get(client.groups().describe("readers")).exists()).isFalse();
            }
        }
    }

    private static DescribeGroupsResponse dead() {
        return DescribeGroupsResponse.builder()
                .groups(List.of(DescribeGroupsResponse.Group.builder()
                        .groupId("readers")
                        .groupState("Dead")
                        .build()))
                .build();
    }

    private static ConsumerGroupDescribeResponse consumers() {
        var assigned =
                new ConsumerGroupDescribeResponse.Assignment(List.of(new ConsumerGroupDescribeResponse.TopicPartitions(
                        new UUID(7, 7), PARTITION.topic(), List.of(PARTITION.partition()))));
        return ConsumerGroupDescribeResponse.builder()
                .groups(List.of(ConsumerGroupDescribeResponse.Group.builder()
                        .groupId("readers")
                        .groupState("Reconciling")
                        .assignorName("uniform")
                        .members(List.of(ConsumerGroupDescribeResponse.Member.builder()
                                .memberId("member")
                                .clientId("client")
                                .clientHost("/host")
                                .assignment(assigned)
                                .targetAssignment(new ConsumerGroupDescribeResponse.Assignment(List.of()))
                                .build()))
                        .build()))
                .build();
    }

    private static FindCoordinatorResponse self(ScriptedBroker broker) {
        var node = broker.metadata(1).brokers().get(0);
        return FindCoordinatorResponse.builder()
                .nodeId(node.nodeId())
                .host(node.host())
                .port(node.port())
                .build();
    }

    private static DescribeGroupsResponse described() {
        return DescribeGroupsResponse.builder()
                .groups(List.of(DescribeGroupsResponse.Group.builder()
                        .groupId("readers")
                        .groupState("Stable")
                        .protocolType("consumer")
                        .protocolData("range")
                        .members(List.of(DescribeGroupsResponse.Member.builder()
                                .memberId("member")
                                .clientId("client")
                                .clientHost("/host")
                                .memberAssignment(assignment())
                                .build()))
                        .build()))
                .build();
    }

    private static ByteBuffer assignment() {
        var topic = PARTITION.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(64)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) topic.length)
                .put(topic)
                .putInt(1)
                .putInt(PARTITION.partition())
                .putInt(-1)
                .flip();
    }

    private static OffsetFetchResponse committed() {
        var row = new OffsetFetchResponse.Partition(PARTITION.partition(), 42, -1, "", (short) 0);
        return OffsetFetchResponse.builder()
                .topics(List.of(new OffsetFetchResponse.Topic(PARTITION.topic(), List.of(row))))
                .build();
    }

    @Test
    void aGroupThatHasMembersIsNotDeleted() throws Exception {
        try (var broker = ScriptedBroker.open(1)) {
            broker.on(ApiKey.FIND_COORDINATOR, (version, request) -> self(broker));
            broker.on(
                    ApiKey.DELETE_GROUPS,
                    (version, request) -> new DeleteGroupsResponse(
                            0, List.of(new DeleteGroupsResponse.Result("readers", ErrorCode.NON_EMPTY_GROUP.code()))));
            try (var client = broker.connect()) {
                assertThatThrownBy(() -> get(client.groups().delete("readers")))
                        .hasMessageContaining("group readers was not deleted");
            }
        }
    }

    @Test
    void bytesThatAreNoAssignmentAreNoPartitions() {
        assertThat(AssignmentCodec.partitions(assignment())).containsExactly(PARTITION);
        assertThat(AssignmentCodec.partitions(ByteBuffer.allocate(0))).isEmpty();
        assertThat(AssignmentCodec.partitions(assignment().limit(12))).isEmpty();
        assertThat(AssignmentCodec.partitions(ByteBuffer.allocate(8).putInt(2, Integer.MAX_VALUE)))
                .isEmpty();
    }
}
