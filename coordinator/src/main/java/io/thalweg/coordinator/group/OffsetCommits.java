package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stores offsets for members of a group, or for nobody in particular. Owned by the coordinator's event loop. */
final class OffsetCommits {

    private static final short MEMBER_EPOCH_VERSION = 9;

    private final Parts parts;
    private final Sessions sessions;

    OffsetCommits(Parts parts, Sessions sessions) {
        this.parts = parts;
        this.sessions = sessions;
    }

    /** Completes when the offsets are safe. */
    CompletionStage<OffsetCommitResponse> commit(OffsetCommitRequest request, short version) {
        var error = check(request, version);
        if (error != ErrorCode.NONE) {
            return CompletableFuture.completedFuture(answer(request, error));
        }
        var group = parts.groups().findOrCreate(request.groupId(), parts.clock().millis());
        var member = group.member(request.memberId());
        if (member != null) {
            sessions.extend(group, member);
        }
        return parts.writes()
                .append(records(request))
                .handle((nothing, failure) ->
                        answer(request, failure == null ? ErrorCode.NONE : told(Writes.codeOf(failure))));
    }

    private static ErrorCode told(ErrorCode error) {
        return error == ErrorCode.RECORD_LIST_TOO_LARGE ? ErrorCode.INVALID_COMMIT_OFFSET_SIZE : error;
    }

    private ErrorCode check(OffsetCommitRequest request, short version) {
        var group = parts.groups().find(request.groupId());
        var generation = request.generationIdOrMemberEpoch();
        if (group == null) {
            if (generation < 0) {
                return ErrorCode.NONE;
            }
            return version >= MEMBER_EPOCH_VERSION ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION;
        }
        if (generation < 0 && group.is(GroupState.EMPTY)) {
            return ErrorCode.NONE;
        }
        var error = checkMember(group, request);
        if (error == ErrorCode.NONE && group.is(GroupState.COMPLETING_REBALANCE)) {
            // The member has yet to hear its assignment of this generation; what it consumed may be another's by now.
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        return error;
    }

    private static ErrorCode checkMember(ClassicGroup group, OffsetCommitRequest request) {
        return group.check(request.memberId(), request.groupInstanceId(), request.generationIdOrMemberEpoch());
    }

    private List<GroupRecord> records(OffsetCommitRequest request) {
        var records = new ArrayList<GroupRecord>();
        var nowMillis = parts.clock().millis();
        var expireMillis = request.retentionTimeMillis() < 0 ? -1 : nowMillis + request.retentionTimeMillis();
        for (var topic : request.topics()) {
            for (var partition : topic.partitions()) {
                if (fits(partition)) {
                    var offset = new CommittedOffset(
                            partition.committedOffset(),
                            partition.committedLeaderEpoch(),
                            Objects.requireNonNullElse(partition.committedMetadata(), ""),
                            nowMillis,
                            expireMillis,
                            topic.topicId());
                    var key = new OffsetCommitKey(request.groupId(), topic.name(), partition.partitionIndex());
                    records.add(new GroupRecord(key, offset.toValue()));
                }
            }
        }
        return records;
    }

    private boolean fits(OffsetCommitRequest.Partition partition) {
        var metadata = partition.committedMetadata();
        return metadata == null
                || metadata.getBytes(StandardCharsets.UTF_8).length
                        <= parts.config().offsets().maxMetadataBytes();
    }

    private OffsetCommitResponse answer(OffsetCommitRequest request, ErrorCode error) {
        return OffsetCommitResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> OffsetCommitResponse.Topic.builder()
                                .name(topic.name())
                                .topicId(topic.topicId())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> row(partition, error))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }

    private OffsetCommitResponse.Partition row(OffsetCommitRequest.Partition partition, ErrorCode error) {
        var told = error == ErrorCode.NONE && !fits(partition) ? ErrorCode.OFFSET_METADATA_TOO_LARGE : error;
        return new OffsetCommitResponse.Partition(partition.partitionIndex(), told.code());
    }
}
