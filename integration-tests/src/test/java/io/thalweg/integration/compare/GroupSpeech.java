package io.thalweg.integration.compare;

import io.thalweg.protocol.message.DeleteGroupsRequest;
import io.thalweg.protocol.message.DescribeGroupsRequest;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetDeleteRequest;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.SyncGroupRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The requests of one group. */
record GroupSpeech(String group) {

    /** A consumer's subscription to the topic {@code orders}: version 0, one topic, no user data. */
    private static final String SUBSCRIPTION = "\0\0\0\0\0\1\0\6orders\0\0\0\0";

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    JoinGroupRequest.Builder join(String memberId, String... protocols) {
        return JoinGroupRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .sessionTimeoutMillis(60_000)
                .rebalanceTimeoutMillis(60_000)
                .protocolType("consumer")
                .protocols(Stream.of(protocols)
                        .map(name -> new JoinGroupRequest.Protocol(name, bytes(SUBSCRIPTION)))
                        .toList());
    }

    SyncGroupRequest.Builder sync(String memberId, int generation, String... assigned) {
        return SyncGroupRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .generationId(generation)
                .protocolType("consumer")
                .protocolName("range")
                .assignments(Stream.of(assigned)
                        .map(member -> new SyncGroupRequest.Assignment(member, bytes("all for it")))
                        .toList());
    }

    /** Assigns these partitions of {@code orders} to the member, as consumers do. */
    SyncGroupRequest.Builder syncPartitions(String memberId, int generation, int... partitions) {
        var assignment = ByteBuffer.allocate(64)
                .putShort((short) 1)
                .putInt(1)
                .putShort((short) "orders".length())
                .put(bytes("orders"))
                .putInt(partitions.length);
        for (var partition : partitions) {
            assignment.putInt(partition);
        }
        assignment.putInt(-1).flip();
        return sync(memberId, generation).assignments(List.of(new SyncGroupRequest.Assignment(memberId, assignment)));
    }

    HeartbeatRequest.Builder heartbeat(String memberId, int generation) {
        return HeartbeatRequest.builder().groupId(group).memberId(memberId).generationId(generation);
    }

    LeaveGroupRequest leave(LeaveGroupRequest.Member... members) {
        return LeaveGroupRequest.builder()
                .groupId(group)
                .members(List.of(members))
                .build();
    }

    static LeaveGroupRequest.Member leaving(String memberId, String instanceId) {
        return LeaveGroupRequest.Member.builder()
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .build();
    }

    OffsetCommitRequest.Builder commit(String memberId, int generation) {
        return OffsetCommitRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .generationIdOrMemberEpoch(generation)
                .topics(List.of(commitTopic("orders", 7, "note")));
    }

    static OffsetCommitRequest.Topic commitTopic(String topic, long offset, String metadata) {
        return OffsetCommitRequest.Topic.builder()
                .name(topic)
                .partitions(List.of(OffsetCommitRequest.Partition.builder()
                        .partitionIndex(0)
                        .committedOffset(offset)
                        .committedMetadata(metadata)
                        .build()))
                .build();
    }

    /** As versions up to 7 ask. */
    OffsetFetchRequest fetch() {
        return OffsetFetchRequest.builder()
                .groupId(group)
                .topics(List.of(
                        new OffsetFetchRequest.Topic("orders", List.of(0, 1)),
                        new OffsetFetchRequest.Topic("gone", List.of(0))))
                .build();
    }

    /** As versions from 8 on ask, for all topics. */
    OffsetFetchRequest fetchAll() {
        return OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(group)
                        .topics(null)
                        .build()))
                .build();
    }

    OffsetDeleteRequest deleteOffsets(String topic) {
        return OffsetDeleteRequest.builder()
                .groupId(group)
                .topics(List.of(new OffsetDeleteRequest.Topic(topic, List.of(new OffsetDeleteRequest.Partition(0)))))
                .build();
    }

    DescribeGroupsRequest describe() {
        return DescribeGroupsRequest.builder().groups(List.of(group)).build();
    }

    DeleteGroupsRequest delete() {
        return new DeleteGroupsRequest(List.of(group));
    }
}
