package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets members out of groups. Owned by the coordinator's event loop. */
final class Leaves {

    private static final short BATCH_VERSION = 3;

    private final Parts parts;
    private final Rebalances rebalances;
    private final ClassicMembers inConsumerGroups;

    Leaves(Parts parts, Rebalances rebalances, ClassicMembers inConsumerGroups) {
        this.parts = parts;
        this.inConsumerGroups = inConsumerGroups;
        this.rebalances = rebalances;
    }

    LeaveGroupResponse leave(LeaveGroupRequest request, short version) {
        if (request.groupId().isEmpty()) {
            return refused(ErrorCode.INVALID_GROUP_ID);
        }
        var consumers = parts.groups().consumer(request.groupId());
        if (consumers != null) {
            return answer(inConsumerGroups.leave(consumers, leaving(request, version)), version);
        }
        var group = parts.groups().classic(request.groupId());
        var rows = new ArrayList<LeaveGroupResponse.Member>();
        for (var member : leaving(request, version)) {
            var error = group == null ? ErrorCode.UNKNOWN_MEMBER_ID : leave(group, member);
            rows.add(new LeaveGroupResponse.Member(member.memberId(), member.groupInstanceId(), error.code()));
        }
        if (group != null && rows.stream().anyMatch(row -> row.errorCode() == ErrorCode.NONE.code())) {
            goOn(group);
        }
        return answer(rows, version);
    }

    private static LeaveGroupResponse answer(List<LeaveGroupResponse.Member> rows, short version) {
        return version < BATCH_VERSION
                ? LeaveGroupResponse.builder()
                        .errorCode(rows.get(0).errorCode())
                        .build()
                : LeaveGroupResponse.builder().members(rows).build();
    }

    private void goOn(ClassicGroup group) {
        switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE, PREPARING_REBALANCE -> rebalances.beginOrComplete(group);
            case EMPTY, DEAD -> {}
        }
    }

    private static List<LeaveGroupRequest.Member> leaving(LeaveGroupRequest request, short version) {
        return version < BATCH_VERSION
                ? List.of(LeaveGroupRequest.Member.builder()
                        .memberId(request.memberId())
                        .build())
                : request.members();
    }

    private ErrorCode leave(ClassicGroup group, LeaveGroupRequest.Member leaving) {
        var announced = group.pendingJoins().remove(leaving.memberId());
        if (announced != null) {
            rebalances.sessions().end(announced);
            return ErrorCode.NONE;
        }
        var instanceId = leaving.groupInstanceId();
        var memberId = leaving.memberId().isEmpty() ? group.staticMember(instanceId) : leaving.memberId();
        if (memberId == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        var error = group.check(memberId, instanceId);
        drop(group, error == ErrorCode.NONE ? group.member(memberId) : null);
        return error;
    }

    private void drop(ClassicGroup group, @Nullable Member member) {
        if (member != null) {
            rebalances.drop(group, member, ErrorCode.UNKNOWN_MEMBER_ID);
        }
    }

    private static LeaveGroupResponse refused(ErrorCode error) {
        return LeaveGroupResponse.builder().errorCode(error.code()).build();
    }
}
