package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Lets members into groups. Owned by the coordinator's event loop. */
final class Joins {

    private static final short REQUIRES_KNOWN_ID_VERSION = 4;
    private static final short SKIPS_ASSIGNMENT_VERSION = 9;
    /** Members of a group that were told their id and have not come with it; each is forgotten after its session timeout. */
    static final int MAX_ANNOUNCED = 10_000;

    private final Parts parts;
    private final Rebalances rebalances;
    private final ClassicMembers inConsumerGroups;
    private final RandomGenerator random;

    Joins(Parts parts, Rebalances rebalances, ClassicMembers inConsumerGroups, RandomGenerator random) {
        this.parts = parts;
        this.rebalances = rebalances;
        this.inConsumerGroups = inConsumerGroups;
        this.random = random;
    }

    /** One request on its way in. */
    private record Join(
            ClassicGroup group, JoinGroupRequest request, Caller caller, CompletableFuture<JoinGroupResponse> answer) {

        void describe(Member member) {
            var rebalanceMillis = request.rebalanceTimeoutMillis();
            member.describe(
                    request.protocols(),
                    rebalanceMillis < 0 ? request.sessionTimeoutMillis() : rebalanceMillis,
                    request.sessionTimeoutMillis());
            member.awaitJoin(answer);
        }

        void refuse(String memberId, ErrorCode error) {
            answer.complete(JoinAnswers.refused(memberId, error));
        }
    }

    /** Completes when the group is complete. */
    CompletionStage<JoinGroupResponse> join(JoinGroupRequest request, Caller caller) {
        var answer = new CompletableFuture<JoinGroupResponse>();
        var error = check(request);
        if (error != ErrorCode.NONE) {
            answer.complete(JoinAnswers.refused(request.memberId(), error));
            return answer;
        }
        var consumers = parts.groups().consumer(request.groupId());
        if (consumers != null && !consumers.isWithoutAnyone()) {
            return inConsumerGroups.join(consumers, request, caller);
        }
        dropEmptyConsumerGroup(request.groupId());
        parts.groups().findOrCreate(request.groupId(), parts.clock().millis());
        var group = Objects.requireNonNull(parts.groups().classic(request.groupId()));
        join(new Join(group, request, caller, answer));
        return answer;
    }

    /** Whoever comes first says which protocol a group has. */
    private void dropEmptyConsumerGroup(String groupId) {
        var group = parts.groups().consumer(groupId);
        if (group != null) {
            parts.writes().append(ConsumerGroupRecords.tombstones(group));
        }
    }

    private ErrorCode check(JoinGroupRequest request) {
        if (request.groupId().isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        if (!parts.config().sessions().allow(request.sessionTimeoutMillis())) {
            return ErrorCode.INVALID_SESSION_TIMEOUT;
        }
        var group = parts.groups().find(request.groupId());
        if (group instanceof ConsumerGroup consumers && !consumers.isWithoutAnyone()) {
            return ErrorCode.NONE;
        }
        if (!(group instanceof ClassicGroup classic)) {
            return request.memberId().isEmpty() ? checkProtocols(request) : ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return classic.supports(request.protocolType(), request.protocols())
                ? ErrorCode.NONE
                : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }

    private static ErrorCode checkProtocols(JoinGroupRequest request) {
        return request.protocolType().isEmpty() || request.protocols().isEmpty()
                ? ErrorCode.INCONSISTENT_GROUP_PROTOCOL
                : ErrorCode.NONE;
    }

    private void join(Join join) {
        var memberId = join.request().memberId();
        if (!hasRoom(join.group(), memberId)) {
            var member = join.group().member(memberId);
            if (member != null) {
                rebalances.drop(join.group(), member, ErrorCode.GROUP_MAX_SIZE_REACHED);
            }
            join.refuse("", ErrorCode.GROUP_MAX_SIZE_REACHED);
        } else if (memberId.isEmpty()) {
            joinUnknown(join);
        } else {
            joinKnown(join, memberId);
        }
    }

    private boolean hasRoom(ClassicGroup group, String memberId) {
        var member = group.member(memberId);
        var maxSize = parts.config().maxSize();
        return switch (group.state()) {
            case EMPTY, DEAD -> true;
            case PREPARING_REBALANCE -> (member != null && member.awaitsJoin()) || group.joinedCount() < maxSize;
            case COMPLETING_REBALANCE, STABLE ->
                member != null || group.members().size() < maxSize;
        };
    }

    private void joinUnknown(Join join) {
        var instanceId = join.request().groupInstanceId();
        var former = join.group().staticMember(instanceId);
        var member = newMember(join);
        if (former != null) {
            replace(join, Objects.requireNonNull(join.group().member(former)), member);
        } else if (instanceId == null && join.caller().version() >= REQUIRES_KNOWN_ID_VERSION) {
            announce(join, member);
        } else {
            add(join, member);
        }
    }

    private Member newMember(Join join) {
        var instanceId = join.request().groupInstanceId();
        var name = instanceId == null ? join.caller().clientId() : instanceId;
        var id = name + "-" + new UUID(random.nextLong(), random.nextLong());
        return newMember(join, id);
    }

    private static Member newMember(Join join, String id) {
        var caller = join.caller();
        return new Member(id, join.request().groupInstanceId(), caller.clientId(), caller.clientHost());
    }

    /** Tells a client its id and has it come again, so that one that gave up is not waited for (KIP-394). */
    private void announce(Join join, Member member) {
        if (join.group().pendingJoins().size() >= MAX_ANNOUNCED) {
            join.refuse("", ErrorCode.GROUP_MAX_SIZE_REACHED);
            return;
        }
        join.group().pendingJoins().put(member.id(), member);
        rebalances.sessions().extend(join.group(), member, join.request().sessionTimeoutMillis());
        join.refuse(member.id(), ErrorCode.MEMBER_ID_REQUIRED);
    }

    private void add(Join join, Member member) {
        join.describe(member);
        join.group().add(member, join.request().protocolType());
        rebalances.joined(join.group(), member);
    }

    private void joinKnown(Join join, String memberId) {
        var group = join.group();
        var announced = group.pendingJoins().get(memberId);
        if (announced != null && join.request().groupInstanceId() == null) {
            group.pendingJoins().remove(memberId);
            rebalances.sessions().end(announced);
            add(join, newMember(join, memberId));
            return;
        }
        var error = group.check(memberId, join.request().groupInstanceId());
        var member = group.member(memberId);
        if (error != ErrorCode.NONE || member == null) {
            join.refuse(memberId, error == ErrorCode.NONE ? ErrorCode.UNKNOWN_MEMBER_ID : error);
            return;
        }
        rejoin(join, member);
    }

    private void rejoin(Join join, Member member) {
        var group = join.group();
        var isUnchanged = member.protocols().equals(join.request().protocols());
        switch (group.state()) {
            case PREPARING_REBALANCE -> update(join, member);
            case COMPLETING_REBALANCE -> {
                if (isUnchanged) {
                    join.answer().complete(JoinAnswers.generation(group, member));
                } else {
                    update(join, member);
                }
            }
            case STABLE -> {
                if (isUnchanged && !group.isLeader(member.id())) {
                    join.answer().complete(JoinAnswers.generation(group, member));
                } else {
                    update(join, member);
                }
            }
            case EMPTY, DEAD -> join.refuse(member.id(), ErrorCode.UNKNOWN_MEMBER_ID);
        }
    }

    private void update(Join join, Member member) {
        // A join that was sent twice is answered once; the first one is not waited for any more.
        member.answerJoin(JoinAnswers.refused(member.id(), ErrorCode.REBALANCE_IN_PROGRESS));
        join.describe(member);
        rebalances.beginOrComplete(join.group());
    }

    /** A static member has come back under a new id (KIP-345). */
    private void replace(Join join, Member former, Member newcomer) {
        var group = join.group();
        var formerLeader = Objects.requireNonNullElse(group.leader(), "");
        newcomer.describe(former.protocols(), former.rebalanceTimeoutMillis(), former.sessionTimeoutMillis());
        newcomer.assign(former.assignment());
        group.replace(former, newcomer);
        rebalances.dismiss(former, ErrorCode.FENCED_INSTANCE_ID);
        join.describe(newcomer);
        rebalances.sessions().extend(group, newcomer);
        var isUnchanged = group.is(GroupState.STABLE) && Objects.equals(group.electProtocol(), group.protocolName());
        if (!isUnchanged) {
            rebalances.beginOrComplete(group);
            return;
        }
        var knowsSkipping = join.caller().version() >= SKIPS_ASSIGNMENT_VERSION;
        var unchanged = JoinAnswers.unchanged(group, newcomer, knowsSkipping, formerLeader);
        parts.writes().append(List.of(GroupMetadata.of(group))).whenComplete((nothing, failure) -> {
            var refusal = failure == null ? null : JoinAnswers.refused(newcomer.id(), Writes.codeOf(failure));
            newcomer.answerJoin(refusal == null ? unchanged : refusal);
            rebalances.sessions().extend(group, newcomer);
        });
    }
}
