package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.OffsetDeleteRequest;
import io.thalweg.protocol.message.OffsetDeleteResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Deletes groups and offsets because somebody wants it so. Owned by the coordinator's event loop. */
final class Removals {

    private final Parts parts;

    Removals(Parts parts) {
        this.parts = parts;
    }

    /** Deletes a group that has no members, with its offsets. */
    CompletionStage<DeleteGroupsResponse.Result> deleteGroup(String groupId) {
        var group = parts.groups().find(groupId);
        var error = check(group);
        if (error != ErrorCode.NONE || group == null) {
            return CompletableFuture.completedFuture(new DeleteGroupsResponse.Result(groupId, error.code()));
        }
        return parts.writes()
                .appendInBatches(tombstones(parts, group))
                .handle((nothing, failure) ->
                        new DeleteGroupsResponse.Result(groupId, codeOf(failure).code()));
    }

    private static ErrorCode codeOf(@Nullable Throwable failure) {
        return failure == null ? ErrorCode.NONE : Writes.codeOf(failure);
    }

    private static ErrorCode check(@Nullable Group group) {
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return group.isWithoutAnyone() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    /** The records that take back a group and all its offsets, the group last. */
    private static List<GroupRecord> tombstones(Parts parts, Group group) {
        var records = new ArrayList<GroupRecord>();
        parts.offsets()
                .topics(group.id())
                .forEach((topic, partitions) ->
                        partitions.keySet().forEach(partition -> records.add(tombstone(group.id(), topic, partition))));
        records.addAll(tombstones(group));
        return records;
    }

    /** The records that take back a group without its offsets. */
    static List<GroupRecord> tombstones(Group group) {
        return group instanceof ConsumerGroup consumers
                ? ConsumerGroupRecords.tombstones(consumers)
                : List.of(GroupMetadata.tombstone(group.id()));
    }

    static GroupRecord tombstone(String groupId, String topic, int partition) {
        return new GroupRecord(new OffsetCommitKey(groupId, topic, partition), null);
    }

    /** Deletes offsets of topics that no member consumes. */
    CompletionStage<OffsetDeleteResponse> deleteOffsets(OffsetDeleteRequest request) {
        var group = parts.groups().find(request.groupId());
        var error = checkOffsets(request.groupId(), group);
        if (error != ErrorCode.NONE || group == null) {
            return CompletableFuture.completedFuture(refused(error));
        }
        var records = new ArrayList<GroupRecord>();
        var rows = new ArrayList<OffsetDeleteResponse.Topic>();
        for (var topic : request.topics()) {
            var told = isSubscribed(group, topic.name()) ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
            rows.add(row(topic, told));
            if (told == ErrorCode.NONE) {
                addTombstones(group.id(), topic, records);
            }
        }
        var answer = OffsetDeleteResponse.builder().topics(rows).build();
        return parts.writes()
                .appendInBatches(records)
                .handle((nothing, failure) -> failure == null ? answer : refused(Writes.codeOf(failure)));
    }

    private static OffsetDeleteResponse.Topic row(OffsetDeleteRequest.Topic topic, ErrorCode told) {
        return new OffsetDeleteResponse.Topic(
                topic.name(),
                topic.partitions().stream()
                        .map(each -> new OffsetDeleteResponse.Partition(each.partitionIndex(), told.code()))
                        .toList());
    }

    private void addTombstones(String groupId, OffsetDeleteRequest.Topic topic, List<GroupRecord> records) {
        for (var each : topic.partitions()) {
            if (parts.offsets().find(groupId, topic.name(), each.partitionIndex()) != null) {
                records.add(tombstone(groupId, topic.name(), each.partitionIndex()));
            }
        }
    }

    private static ErrorCode checkOffsets(String groupId, @Nullable Group group) {
        if (groupId.isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (!(group instanceof ClassicGroup classic)) {
            return ErrorCode.NONE;
        }
        return classic.is(GroupState.EMPTY) || classic.isOfConsumers() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    private static boolean isSubscribed(Group group, String topic) {
        return group instanceof ConsumerGroup consumers
                ? consumers.topics().contains(topic)
                : group instanceof ClassicGroup classic && isSubscribed(classic, topic);
    }

    private static boolean isSubscribed(ClassicGroup group, String topic) {
        if (group.is(GroupState.EMPTY)) {
            return false;
        }
        return Subscriptions.of(group).map(topics -> topics.contains(topic)).orElse(true);
    }

    private static OffsetDeleteResponse refused(ErrorCode error) {
        return OffsetDeleteResponse.builder().errorCode(error.code()).build();
    }

    /** The topic is gone, and with it every offset in it. */
    void topicDeleted(String topic) {
        var records = new ArrayList<GroupRecord>();
        for (var groupId : parts.offsets().groupIds()) {
            var partitions = parts.offsets().topics(groupId).get(topic);
            if (partitions != null) {
                partitions.keySet().forEach(partition -> records.add(tombstone(groupId, topic, partition)));
            }
        }
        parts.writes().appendInBatches(records);
    }
}
