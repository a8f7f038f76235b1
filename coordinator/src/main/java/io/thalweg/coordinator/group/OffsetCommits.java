package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
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

    /** What becomes of one offset. */
    private interface Verdict {
        ErrorCode of(OffsetCommitRequest.Topic topic, OffsetCommitRequest.Partition partition);
    }

    /** Completes when the offsets are safe. */
    CompletionStage<OffsetCommitResponse> commit(OffsetCommitRequest request, short version) {
        var consumers = parts.groups().consumer(request.groupId());
        if (consumers != null) {
            return write(request, verdict(consumers, request, version));
        }
        var error = check(request, version);
        if (error == ErrorCode.NONE) {
            parts.groups().findOrCreate(request.groupId(), parts.clock().millis());
            extend(request);
        }
        return write(request, (topic, partition) -> error);
    }

    private void extend(OffsetCommitRequest request) {
        var group = parts.groups().classic(request.groupId());
        var member = group == null ? null : group.member(request.memberId());
        if (group != null && member != null) {
            sessions.extend(group, member);
        }
    }

    /** A member that has yet to hear of its new epoch may commit what it was assigned in the old one (KIP-1251). */
    private Verdict verdict(ConsumerGroup group, OffsetCommitRequest request, short version) {
        var epoch = request.generationIdOrMemberEpoch();
        if (epoch < 0 && group.isWithoutAnyone()) {
            return (topic, partition) -> ErrorCode.NONE;
        }
        var member = group.member(request.memberId());
        if (member == null) {
            return (topic, partition) -> ErrorCode.UNKNOWN_MEMBER_ID;
        }
        if (version < MEMBER_EPOCH_VERSION && !member.isClassic()) {
            return (topic, partition) -> ErrorCode.UNSUPPORTED_VERSION;
        }
        var stale = member.isClassic() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
        if (epoch == member.epoch()) {
            return (topic, partition) -> ErrorCode.NONE;
        }
        if (epoch > member.epoch()) {
            return (topic, partition) -> stale;
        }
        return (topic, partition) -> isAssignedBy(epoch, member, topic.name(), partition) ? ErrorCode.NONE : stale;
    }

    private boolean isAssignedBy(
            int epoch, ConsumerMember member, String topic, OffsetCommitRequest.Partition partition) {
        var id = parts.image().topic(topic).map(TopicImage::id).orElse(Message.ZERO_UUID);
        var progress = member.progress();
        var assigned = progress.assigned().epoch(id, partition.partitionIndex());
        var since = assigned == null ? progress.revoking().epoch(id, partition.partitionIndex()) : assigned;
        return since != null && epoch >= since;
    }

    private CompletionStage<OffsetCommitResponse> write(OffsetCommitRequest request, Verdict verdict) {
        var records = records(request, verdict);
        if (records.isEmpty()) {
            return CompletableFuture.completedFuture(answer(request, verdict));
        }
        return parts.writes().append(records).handle((nothing, failure) -> {
            var error = failure == null ? ErrorCode.NONE : told(Writes.codeOf(failure));
            return answer(request, failure == null ? verdict : (topic, partition) -> error);
        });
    }

    private static ErrorCode told(ErrorCode error) {
        return error == ErrorCode.RECORD_LIST_TOO_LARGE ? ErrorCode.INVALID_COMMIT_OFFSET_SIZE : error;
    }

    private ErrorCode check(OffsetCommitRequest request, short version) {
        var group = parts.groups().classic(request.groupId());
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

    private List<GroupRecord> records(OffsetCommitRequest request, Verdict verdict) {
        var records = new ArrayList<GroupRecord>();
        var nowMillis = parts.clock().millis();
        var expireMillis = request.retentionTimeMillis() < 0 ? -1 : nowMillis + request.retentionTimeMillis();
        for (var topic : request.topics()) {
            for (var partition : topic.partitions()) {
                if (verdict.of(topic, partition) == ErrorCode.NONE && fits(partition)) {
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

    private OffsetCommitResponse answer(OffsetCommitRequest request, Verdict verdict) {
        return OffsetCommitResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> OffsetCommitResponse.Topic.builder()
                                .name(topic.name())
                                .topicId(topic.topicId())
                                .partitions(topic.partitions().stream()
                                        .map(partition -> row(partition, verdict.of(topic, partition)))
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
