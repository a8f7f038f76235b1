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
        var error = check(parts.groups().find(groupId));
        if (error != ErrorCode.NONE) {
            return CompletableFuture.completedFuture(new DeleteGroupsResponse.Result(groupId, error.code()));
        }
        return parts.writes()
                .appendInBatches(tombstones(parts, groupId))
                .handle((nothing, failure) ->
                        new DeleteGroupsResponse.Result(groupId, codeOf(failure).code()));
    }

    private static ErrorCode codeOf(@Nullable Throwable failure) {
        return failure == null ? ErrorCode.NONE : Writes.codeOf(failure);
    }

    private static ErrorCode check(@Nullable ClassicGroup group) {
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return group.is(GroupState.EMPTY) && group.isWithoutAnyone() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    /** The records that take back a group and all its offsets, the group last. */
    static List<GroupRecord> tombstones(Parts parts, String groupId) {
        var records = new ArrayList<GroupRecord>();
        parts.offsets()
                .topics(groupId)
                .forEach((topic, partitions) ->
                        partitions.keySet().forEach(partition -> records.add(tombstone(groupId, topic, partition))));
        records.add(GroupMetadata.tombstone(groupId));
        return records;
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

    private static ErrorCode checkOffsets(String groupId, @Nullable ClassicGroup group) {
        if (groupId.isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return group.is(GroupState.EMPTY) || group.isOfConsumers() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
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
