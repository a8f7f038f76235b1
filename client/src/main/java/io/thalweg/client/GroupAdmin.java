package io.thalweg.client;

import io.thalweg.api.GroupDescription;
import io.thalweg.api.GroupListing;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupDescribeRequest;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.DeleteGroupsRequest;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsRequest;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Lists, describes and deletes consumer groups, and moves their offsets.
 *
 * <p><b>Threads.</b> Any thread may call; stages complete on the client's thread. What fails for a passing reason is tried again.
 */
public final class GroupAdmin {

    /** The last version that asks for one key. */
    private static final short ONE_COORDINATOR_VERSION = 3;

    /** The last version that asks for one group. */
    private static final short ONE_GROUP_VERSION = 7;

    /** The last version that names topics. */
    private static final short TOPIC_NAME_VERSION = 9;

    /** The last version that shows a group that is not there as a dead one. */
    private static final short DEAD_GROUP_VERSION = 5;

    private static final String CONSUMER = "consumer";

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;

    GroupAdmin(MetadataCache metadata, Connections connections, Retries retries) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
    }

    /** The groups of all brokers, by name. */
    public CompletionStage<List<GroupListing>> list() {
        return retries.run(() -> metadata.ask(null).thenCompose(answer -> listOnce()));
    }

    private CompletableFuture<List<GroupListing>> listOnce() {
        var byName = new TreeMap<String, GroupListing>();
        var answers = new ArrayList<CompletableFuture<?>>();
        for (var broker : metadata.image().brokers().values()) {
            answers.add(connections
                    .call(
                            broker,
                            ApiKey.LIST_GROUPS,
                            ListGroupsResponse.class,
                            version -> ListGroupsRequest.builder().build())
                    .thenAccept(answer -> {
                        expectNone("groups of " + broker, answer.errorCode());
                        answer.groups().forEach(group -> byName.put(group.groupId(), listing(group)));
                    }));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> List.copyOf(byName.values()));
    }

    private static GroupListing listing(ListGroupsResponse.Group group) {
        return new GroupListing(group.groupId(), group.protocolType(), group.groupState());
    }

    private static void expectNone(String what, short errorCode) {
        if (errorCode != ErrorCode.NONE.code()) {
            throw ClientException.answered(what, errorCode, null);
        }
    }

    /** Where a group is coordinated. */
    private record Coordinator(int id, Endpoint endpoint) {}

    /** Asks whoever coordinates the group, found anew for each try. */
    private <T> CompletableFuture<T> ask(String groupId, Function<Coordinator, CompletableFuture<T>> ask) {
        return retries.run(() -> coordinator(groupId).thenCompose(ask));
    }

    private CompletableFuture<Coordinator> coordinator(String groupId) {
        return connections
                .call(
                        metadata.anyBroker(),
                        ApiKey.FIND_COORDINATOR,
                        FindCoordinatorResponse.class,
                        ONE_COORDINATOR_VERSION,
                        version -> FindCoordinatorRequest.builder().key(groupId).build())
                .thenApply(answer -> {
                    expectNone("coordinator of group " + groupId, answer.errorCode());
                    return new Coordinator(answer.nodeId(), new Endpoint(answer.host(), answer.port()));
                });
    }

    /** The group with its members and committed offsets. */
    public CompletionStage<GroupDescription> describe(String groupId) {
        return ask(
                groupId,
                coordinator -> describeOnce(coordinator, groupId)
                        .thenCompose(group -> isDead(group) ? describeConsumersOnce(coordinator, group) : done(group))
                        .thenCombine(offsetsOnce(coordinator, groupId), GroupAdmin::withOffsets));
    }

    /** What a coordinator says of a group of the consumer protocol (KIP-848) to those who ask as if it were a classic one. */
    private static boolean isDead(GroupDescription group) {
        return group.state().equals("Dead");
    }

    private static CompletableFuture<GroupDescription> done(GroupDescription group) {
        return CompletableFuture.completedFuture(group);
    }

    /** The group if it is one of the consumer protocol, else the dead one. */
    private CompletableFuture<GroupDescription> describeConsumersOnce(Coordinator coordinator, GroupDescription dead) {
        var groupId = dead.groupId();
        return connections
                .call(
                        coordinator.endpoint(),
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        ConsumerGroupDescribeResponse.class,
                        version -> ConsumerGroupDescribeRequest.builder()
                                .groupIds(List.of(groupId))
                                .build())
                .thenApply(answer -> {
                    var group = answer.groups().get(0);
                    if (group.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND.code()) {
                        return dead;
                    }
                    expectNone("group " + groupId, group.errorCode());
                    return described(group, coordinator);
                })
                .exceptionally(failure -> {
                    var reason = ClientException.from(failure);
                    if (reason.code() == ErrorCode.UNSUPPORTED_VERSION) {
                        return dead;
                    }
                    throw reason;
                });
    }

    private static GroupDescription described(ConsumerGroupDescribeResponse.Group group, Coordinator coordinator) {
        return new GroupDescription(
                group.groupId(),
                group.groupState(),
                CONSUMER,
                group.assignorName(),
                coordinator.id(),
                group.members().stream().map(GroupAdmin::member).toList(),
                Map.of());
    }

    private static GroupDescription.Member member(ConsumerGroupDescribeResponse.Member member) {
        return new GroupDescription.Member(
                member.memberId(),
                member.instanceId(),
                member.clientId(),
                member.clientHost(),
                member.assignment().topicPartitions().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.topicName(), partition)))
                        .toList());
    }

    private static GroupDescription withOffsets(GroupDescription group, Map<TopicPartition, Long> committed) {
        return new GroupDescription(
                group.groupId(),
                group.state(),
                group.protocolType(),
                group.protocol(),
                group.coordinatorId(),
                group.members(),
                committed);
    }

    private CompletableFuture<GroupDescription> describeOnce(Coordinator coordinator, String groupId) {
        return connections
                .call(
                        coordinator.endpoint(),
                        ApiKey.DESCRIBE_GROUPS,
                        DescribeGroupsResponse.class,
                        DEAD_GROUP_VERSION,
                        version -> DescribeGroupsRequest.builder()
                                .groups(List.of(groupId))
                                .build())
                .thenApply(answer -> {
                    var group = answer.groups().get(0);
                    expectNone("group " + groupId, group.errorCode());
                    return new GroupDescription(
                            groupId,
                            group.groupState(),
                            group.protocolType(),
                            group.protocolData(),
                            coordinator.id(),
                            group.members().stream().map(GroupAdmin::member).toList(),
                            Map.of());
                });
    }

    private static GroupDescription.Member member(DescribeGroupsResponse.Member member) {
        return new GroupDescription.Member(
                member.memberId(),
                member.groupInstanceId(),
                member.clientId(),
                member.clientHost(),
                AssignmentCodec.partitions(member.memberAssignment()));
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsetsOnce(Coordinator coordinator, String groupId) {
        return connections
                .call(
                        coordinator.endpoint(),
                        ApiKey.OFFSET_FETCH,
                        OffsetFetchResponse.class,
                        ONE_GROUP_VERSION,
                        version -> OffsetFetchRequest.builder()
                                .groupId(groupId)
                                .topics(null)
                                .build())
                .thenApply(answer -> {
                    expectNone("offsets of group " + groupId, answer.errorCode());
                    var offsets = new LinkedHashMap<TopicPartition, Long>();
                    for (var topic : answer.topics()) {
                        for (var each : topic.partitions()) {
                            expectNone("offsets of group " + groupId, each.errorCode());
                            offsets.put(
                                    new TopicPartition(topic.name(), each.partitionIndex()), each.committedOffset());
                        }
                    }
                    return offsets;
                });
    }

    /** Commits these offsets for a group that has no members. */
    public CompletionStage<Void> commit(String groupId, Map<TopicPartition, Long> offsets) {
        var byTopic = new TreeMap<String, List<OffsetCommitRequest.Partition>>();
        offsets.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), first -> new ArrayList<>())
                .add(OffsetCommitRequest.Partition.builder()
                        .partitionIndex(partition.partition())
                        .committedOffset(offset)
                        .build()));
        var topics = byTopic.entrySet().stream()
                .map(topic -> OffsetCommitRequest.Topic.builder()
                        .name(topic.getKey())
                        .partitions(topic.getValue())
                        .build())
                .toList();
        return ask(groupId, coordinator -> commitOnce(coordinator, groupId, topics));
    }

    private CompletableFuture<Void> commitOnce(
            Coordinator coordinator, String groupId, List<OffsetCommitRequest.Topic> topics) {
        return connections
                .call(
                        coordinator.endpoint(),
                        ApiKey.OFFSET_COMMIT,
                        OffsetCommitResponse.class,
                        TOPIC_NAME_VERSION,
                        version -> OffsetCommitRequest.builder()
                                .groupId(groupId)
                                .topics(topics)
                                .build())
                .thenAccept(answer -> {
                    for (var topic : answer.topics()) {
                        for (var each : topic.partitions()) {
                            var partition = new TopicPartition(topic.name(), each.partitionIndex());
                            expectNone("offset of group " + groupId + " in " + partition, each.errorCode());
                        }
                    }
                });
    }

    /** Deletes a group that has no members, with its offsets. */
    public CompletionStage<Void> delete(String groupId) {
        return ask(
                groupId,
                coordinator -> connections
                        .call(
                                coordinator.endpoint(),
                                ApiKey.DELETE_GROUPS,
                                DeleteGroupsResponse.class,
                                version -> new DeleteGroupsRequest(List.of(groupId)))
                        .thenAccept(answer -> expectNone(
                                "group " + groupId + " was not deleted",
                                answer.results().get(0).errorCode())));
    }
}
