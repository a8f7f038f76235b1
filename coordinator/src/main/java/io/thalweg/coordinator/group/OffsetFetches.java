package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells committed offsets. Owned by the coordinator's event loop. */
final class OffsetFetches {

    private static final long NO_OFFSET = -1;

    private final Parts parts;

    OffsetFetches(Parts parts) {
        this.parts = parts;
    }

    /** The offsets of one group: of the partitions asked for, or of all if no topics are named; completes when they are safe. */
    CompletionStage<OffsetFetchResponse.Group> fetch(OffsetFetchRequest.Group request) {
        var error = check(request);
        if (error != ErrorCode.NONE) {
            return CompletableFuture.completedFuture(refused(request.groupId(), error));
        }
        var asked = request.topics();
        var topics = asked == null
                ? all(request.groupId())
                : asked.stream().map(topic -> topic(request.groupId(), topic)).toList();
        var answer = OffsetFetchResponse.Group.builder()
                .groupId(request.groupId())
                .topics(topics)
                .build();
        return parts.writes().whenSafe(answer, refusal -> refused(request.groupId(), refusal));
    }

    /** A member of a consumer group may fetch in its epoch only; whoever is no member may always. */
    private ErrorCode check(OffsetFetchRequest.Group request) {
        var group = parts.groups().consumer(request.groupId());
        var memberId = request.memberId();
        if (group == null || (memberId == null && request.memberEpoch() < 0)) {
            return ErrorCode.NONE;
        }
        var member = memberId == null ? null : group.member(memberId);
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        if (request.memberEpoch() == member.epoch()) {
            return ErrorCode.NONE;
        }
        return member.isClassic() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
    }

    static OffsetFetchResponse.Group refused(String groupId, ErrorCode error) {
        return OffsetFetchResponse.Group.builder()
                .groupId(groupId)
                .errorCode(error.code())
                .build();
    }

    private List<OffsetFetchResponse.GroupTopic> all(String groupId) {
        return parts.offsets().topics(groupId).entrySet().stream()
                .map(OffsetFetches::topic)
                .toList();
    }

    private static OffsetFetchResponse.GroupTopic topic(
            Map.Entry<String, ? extends Map<Integer, CommittedOffset>> topic) {
        return OffsetFetchResponse.GroupTopic.builder()
                .name(topic.getKey())
                .partitions(topic.getValue().entrySet().stream()
                        .map(each -> row(each.getKey(), each.getValue()))
                        .toList())
                .build();
    }

    private OffsetFetchResponse.GroupTopic topic(String groupId, OffsetFetchRequest.GroupTopic asked) {
        return OffsetFetchResponse.GroupTopic.builder()
                .name(asked.name())
                .topicId(asked.topicId())
                .partitions(asked.partitionIndexes().stream()
                        .map(index -> row(index, find(groupId, asked, index)))
                        .toList())
                .build();
    }

    private @Nullable CommittedOffset find(String groupId, OffsetFetchRequest.GroupTopic topic, int partition) {
        var offset = parts.offsets().find(groupId, topic.name(), partition);
        return offset != null && offset.isOf(topic.topicId()) ? offset : null;
    }

    private static OffsetFetchResponse.GroupPartition row(int partition, @Nullable CommittedOffset offset) {
        return OffsetFetchResponse.GroupPartition.builder()
                .partitionIndex(partition)
                .committedOffset(offset == null ? NO_OFFSET : offset.offset())
                .committedLeaderEpoch(offset == null ? -1 : offset.leaderEpoch())
                .metadata(offset == null ? "" : offset.metadata())
                .build();
    }
}
