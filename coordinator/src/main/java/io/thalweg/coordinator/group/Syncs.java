package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Hands the leader's assignment to the members, and takes their heartbeats. Owned by the coordinator's event loop. */
final class Syncs {

    private final Parts parts;
    private final Rebalances rebalances;
    private final ClassicMembers inConsumerGroups;

    Syncs(Parts parts, Rebalances rebalances, ClassicMembers inConsumerGroups) {
        this.parts = parts;
        this.inConsumerGroups = inConsumerGroups;
        this.rebalances = rebalances;
    }

    /** Completes when the assignment is safe in the log. */
    CompletionStage<SyncGroupResponse> sync(SyncGroupRequest request) {
        var consumers = parts.groups().consumer(request.groupId());
        if (consumers != null) {
            return inConsumerGroups.sync(consumers, request);
        }
        var answer = new CompletableFuture<SyncGroupResponse>();
        var group = parts.groups().classic(request.groupId());
        var error = check(request, group);
        var member = group == null ? null : group.member(request.memberId());
        if (error != ErrorCode.NONE || group == null || member == null) {
            answer.complete(JoinAnswers.refused(error));
            return answer;
        }
        switch (group.state()) {
            case COMPLETING_REBALANCE -> await(group, member, request, answer);
            case STABLE -> {
                rebalances.synced(group, member);
                rebalances.sessions().extend(group, member);
                answer.complete(JoinAnswers.assignment(group, member));
            }
            case PREPARING_REBALANCE -> answer.complete(JoinAnswers.refused(ErrorCode.REBALANCE_IN_PROGRESS));
            case EMPTY, DEAD -> answer.complete(JoinAnswers.refused(ErrorCode.UNKNOWN_MEMBER_ID));
        }
        return answer;
    }

    private static ErrorCode check(SyncGroupRequest request, @Nullable ClassicGroup group) {
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        var error = group.check(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        var isSameType =
                request.protocolType() == null || request.protocolType().equals(group.protocolType());
        var isSameName =
                request.protocolName() == null || request.protocolName().equals(group.protocolName());
        return isSameType && isSameName ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }

    private void await(
            ClassicGroup group, Member member, SyncGroupRequest request, CompletableFuture<SyncGroupResponse> answer) {
        member.answerSync(JoinAnswers.refused(ErrorCode.REBALANCE_IN_PROGRESS));
        member.awaitSync(answer);
        rebalances.synced(group, member);
        if (group.isLeader(member.id())) {
            assign(group, request);
        }
    }

    private void assign(ClassicGroup group, SyncGroupRequest request) {
        var assignments = new TreeMap<String, ByteBuffer>();
        request.assignments().forEach(each -> assignments.put(each.memberId(), each.assignment()));
        group.members().forEach(member -> member.assign(assignments.getOrDefault(member.id(), Message.NO_BYTES)));
        var generation = group.generation();
        parts.writes().append(List.of(GroupMetadata.of(group))).whenComplete((nothing, failure) -> {
            if (generation == group.generation() && group.is(GroupState.COMPLETING_REBALANCE)) {
                assigned(group, failure);
            }
        });
    }

    private void assigned(ClassicGroup group, @Nullable Throwable failure) {
        if (failure != null) {
            var error = Writes.codeOf(failure);
            rebalances.refuseSyncs(
                    group, error == ErrorCode.RECORD_LIST_TOO_LARGE ? ErrorCode.UNKNOWN_SERVER_ERROR : error);
            rebalances.beginOrComplete(group);
            return;
        }
        group.moveTo(GroupState.STABLE, parts.clock().millis());
        for (var member : group.members()) {
            if (member.answerSync(JoinAnswers.assignment(group, member))) {
                rebalances.sessions().extend(group, member);
            }
        }
    }

    /** What a member is told that says it is alive. */
    ErrorCode heartbeat(HeartbeatRequest request) {
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        var consumers = parts.groups().consumer(request.groupId());
        if (consumers != null) {
            return inConsumerGroups.heartbeat(consumers, request);
        }
        var group = parts.groups().classic(request.groupId());
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        var error = group.check(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        rebalances.sessions().extend(group, Objects.requireNonNull(group.member(request.memberId())));
        return group.is(GroupState.PREPARING_REBALANCE) ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }
}
