package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
