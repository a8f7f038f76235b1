package io.thalweg.integration.compare;

import io.thalweg.protocol.message.ConsumerGroupDescribeRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetFetchRequest;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The requests of one group of the consumer protocol, about the topic {@code orders} with this id. Epochs are counted from the first in
 * which the group has members, which is its epoch 2.
 */
record ConsumerSpeech(String group, UUID orders) {

    private static int inGroup(int epoch) {
        return epoch > 0 ? epoch + 1 : epoch;
    }

    ConsumerGroupHeartbeatRequest.Builder beat(String memberId, int epoch) {
        return ConsumerGroupHeartbeatRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .memberEpoch(inGroup(epoch));
    }

    ConsumerGroupHeartbeatRequest.Builder join(String memberId) {
        return beat(memberId, 0)
                .rebalanceTimeoutMillis(60_000)
                .subscribedTopicNames(List.of("orders"))
                .topicPartitions(List.of());
    }

    ConsumerGroupHeartbeatRequest.Builder using(String memberId, int epoch, int... partitions) {
        var topics = partitions.length == 0
                ? List.<ConsumerGroupHeartbeatRequest.TopicPartitions>of()
                : List.of(new ConsumerGroupHeartbeatRequest.TopicPartitions(
                        orders, IntStream.of(partitions).boxed().toList()));
        return beat(memberId, epoch).topicPartitions(topics);
    }

    ConsumerGroupDescribeRequest describe() {
        return ConsumerGroupDescribeRequest.builder().groupIds(List.of(group)).build();
    }

    ListGroupsRequest list(String type) {
        return ListGroupsRequest.builder().typesFilter(List.of(type)).build();
    }

    OffsetCommitRequest commit(String memberId, int epoch, UUID topic) {
        return OffsetCommitRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .generationIdOrMemberEpoch(inGroup(epoch))
                .topics(List.of(OffsetCommitRequest.Topic.builder()
                        .name("orders")
                        .topicId(topic)
                        .partitions(List.of(OffsetCommitRequest.Partition.builder()
                                .partitionIndex(0)
                                .committedOffset(7)
                                .committedMetadata("note")
                                .build()))
                        .build()))
                .build();
    }

    OffsetFetchRequest fetch(String memberId, int epoch, UUID topic) {
        return OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(group)
                        .memberId(memberId)
                        .memberEpoch(inGroup(epoch))
                        .topics(List.of(OffsetFetchRequest.GroupTopic.builder()
                                .name("orders")
                                .topicId(topic)
                                .partitionIndexes(List.of(0, 1))
                                .build()))
                        .build()))
                .build();
    }

    OffsetFetchRequest fetchAll(String memberId, int epoch) {
        return OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(group)
                        .memberId(memberId)
                        .memberEpoch(inGroup(epoch))
                        .topics(null)
                        .build()))
                .build();
    }
}
