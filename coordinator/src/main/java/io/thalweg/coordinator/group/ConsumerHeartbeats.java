package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers members of consumer groups, who join, stay and leave with one and the same request (KIP-848). Owned by the coordinator's event
 * loop.
 */
final class ConsumerHeartbeats {

    private static final int NO_TIMEOUT = -1;

    private final Parts parts;
    private final ConsumerSteps steps;
    private final ConsumerLife life;
    private final RandomGenerator random;

    ConsumerHeartbeats(Parts parts, ConsumerSteps steps, ConsumerLife life, RandomGenerator random) {
        this.parts = parts;
        this.steps = steps;
        this.life = life;
        this.random = random;
    }

    /** Completes when what the answer says is safe. */
    CompletionStage<ConsumerGroupHeartbeatResponse> heartbeat(ConsumerGroupHeartbeatRequest request, Caller caller) {
        try {
            ConsumerChecks.check(
                    request, caller.version(), parts.config().consumers().assignors());
            return request.memberEpoch() < ConsumerChecks.JOIN_EPOCH ? leave(request) : stay(request, caller);
        } catch (GroupRefusedException e) {
            return CompletableFuture.completedFuture(refused(e.error(), e.text()));
        }
    }

    private CompletionStage<ConsumerGroupHeartbeatResponse> stay(ConsumerGroupHeartbeatRequest request, Caller caller) {
        var isJoining = request.memberEpoch() == ConsumerChecks.JOIN_EPOCH;
        var draft = life.open(request.groupId(), isJoining);
        ConsumerChecks.checkRoom(
                draft.group(), request.memberId(), parts.config().consumers().maxSize());
        var former = isJoining ? admit(draft, request) : known(draft.group(), request);
        var notes = steps.notes(draft);
        var said = owned(request);
        var owned = said == null ? notes.used(former.id()) : said;
        var member = steps.advance(draft, former, former.subscription().with(request, caller), isJoining, owned);
        notes.note(member, owned);
        var answer = answer(request, former, member);
        var written = parts.writes().append(draft.records());
        life.written(draft);
        life.heardOf(request.groupId(), former, member);
        return told(written, answer);
    }

    private static CompletionStage<ConsumerGroupHeartbeatResponse> told(
            CompletionStage<Void> written, ConsumerGroupHeartbeatResponse answer) {
        return written.handle((nothing, failure) -> {
            if (failure == null) {
                return answer;
            }
            var error = Writes.codeOf(failure);
            return refused(error == ErrorCode.RECORD_LIST_TOO_LARGE ? ErrorCode.UNKNOWN_SERVER_ERROR : error, null);
        });
    }

    private ConsumerMember admit(Draft draft, ConsumerGroupHeartbeatRequest request) {
        var memberId = request.memberId().isEmpty() ? randomId(random) : request.memberId();
        var instanceId = request.instanceId();
        var group = draft.group();
        var holder = group.staticMember(instanceId);
        if (instanceId == null || holder == null) {
            var known = group.member(memberId);
            return known == null ? ConsumerMember.unheardOf(memberId) : known;
        }
        if (!holder.isClassic()) {
            ConsumerChecks.checkReleased(holder, memberId, instanceId);
        }
        return life.replace(draft, holder, memberId);
    }

    /** An id for a member that brings none. */
    static String randomId(RandomGenerator random) {
        var bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ConsumerMember known(ConsumerGroup group, ConsumerGroupHeartbeatRequest request) {
        var instanceId = request.instanceId();
        var member = instanceId == null
                ? ConsumerChecks.member(group, request.memberId())
                : ConsumerChecks.staticMember(group, request.memberId(), instanceId);
        ConsumerChecks.checkEpoch(member, request.memberEpoch(), owned(request));
        return member;
    }

    private static @Nullable AssignedPartitions owned(ConsumerGroupHeartbeatRequest request) {
        var topics = request.topicPartitions();
        if (topics == null) {
            return null;
        }
        var builder = new AssignedPartitions.Builder();
        topics.forEach(topic -> topic.partitions().forEach(each -> builder.add(topic.topicId(), each, 0)));
        return builder.build();
    }

    private ConsumerGroupHeartbeatResponse answer(
            ConsumerGroupHeartbeatRequest request, ConsumerMember former, ConsumerMember member) {
        var builder = ConsumerGroupHeartbeatResponse.builder()
                .memberId(member.id())
                .memberEpoch(member.epoch())
                .heartbeatIntervalMillis(parts.config().consumers().heartbeatMillis(request.groupId(), parts.image()));
        var saysAll = request.rebalanceTimeoutMillis() != NO_TIMEOUT
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                && request.topicPartitions() != null;
        var hasChanged =
                !former.progress().assigned().hasSameAs(member.progress().assigned());
        if (saysAll || hasChanged || request.memberEpoch() == ConsumerChecks.JOIN_EPOCH) {
            builder.assignment(assignment(member.progress().assigned()));
        }
        return builder.build();
    }

    private static ConsumerGroupHeartbeatResponse.Assignment assignment(AssignedPartitions assigned) {
        List<ConsumerGroupHeartbeatResponse.TopicPartitions> topics = new ArrayList<>();
        for (var topic : assigned.topics()) {
            topics.add(new ConsumerGroupHeartbeatResponse.TopicPartitions(
                    topic, List.copyOf(assigned.of(topic).keySet())));
        }
        return new ConsumerGroupHeartbeatResponse.Assignment(topics);
    }

    private CompletionStage<ConsumerGroupHeartbeatResponse> leave(ConsumerGroupHeartbeatRequest request) {
        var group = life.find(request.groupId());
        var instanceId = request.instanceId();
        var member = instanceId == null
                ? ConsumerChecks.member(group, request.memberId())
                : ConsumerChecks.staticMember(group, request.memberId(), instanceId);
        var written = request.memberEpoch() == ConsumerChecks.LEAVE_FOR_A_WHILE_EPOCH
                ? life.leaveForAWhile(group, member)
                : life.remove(group, List.of(member));
        var answer = ConsumerGroupHeartbeatResponse.builder()
                .memberId(request.memberId())
                .memberEpoch(request.memberEpoch())
                .build();
        return told(written, answer);
    }

    private static ConsumerGroupHeartbeatResponse refused(ErrorCode error, @Nullable String message) {
        return ConsumerGroupHeartbeatResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }
}
