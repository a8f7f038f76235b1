package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.GroupFixture.GROUP;
import static io.thalweg.coordinator.group.GroupFixture.assign;
import static io.thalweg.coordinator.group.GroupFixture.begin;
import static io.thalweg.coordinator.group.GroupFixture.error;
import static io.thalweg.coordinator.group.GroupFixture.joinOf;
import static io.thalweg.coordinator.group.GroupFixture.member;
import static io.thalweg.coordinator.group.GroupFixture.staticJoinOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import org.junit.jupiter.api.Test;

final class LeavesTest {

    private final GroupFixture groups = new GroupFixture();

    @Test
    void theOthersRebalance() {
        var members = groups.stableGroup(2);

        var answer = groups.leave(member(members.get(1).memberId(), null));

        assertThat(rowError(answer, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.heartbeat(members.get(1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat(members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void theNextMemberLeadsWhenTheLeaderHasLeft() {
        var members = groups.stableGroup(2);
        groups.leave(member(members.get(0).memberId(), null));

        var joined = groups.join(joinOf(members.get(1).memberId())).join();

        assertThat(joined.leader()).isEqualTo(members.get(1).memberId());
        assertThat(joined.members()).hasSize(1);
    }

    @Test
    void theLastLeavesAnEmptyGroup() {
        var members = groups.stableGroup(2);

        groups.leave(
                member(members.get(0).memberId(), null), member(members.get(1).memberId(), null));

        assertThat(groups.state()).isEqualTo("Empty");
        groups.restart();
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void eachMemberIsAnsweredForItself() {
        var members = groups.stableGroup(2);

        var answer = groups.leave(member("nobody", null), member(members.get(1).memberId(), null));

        assertThat(rowError(answer, 0)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(rowError(answer, 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void membersOfAnUnknownGroupAreUnknown() {
        assertThat(rowError(groups.leave(member("nobody", null)), 0)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aStaticMemberIsTakenOutByItsInstanceId() {
        var joined = groups.join(staticJoinOf("instance"));
        groups.time.advance(GroupConfig.defaults().initialRebalanceDelay());
        begin(groups.sync(joined.join(), assign(joined.join(), "all")));

        assertThat(rowError(groups.leave(member("another", "instance")), 0)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(rowError(groups.leave(member("", "unknown")), 0)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(rowError(groups.leave(member("", "instance")), 0)).isEqualTo(ErrorCode.NONE);
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void whoHasNotComeAgainWithItsIdCanLeaveToo() {
        var members = groups.stableGroup(1);
        var told = groups.join(joinOf("")).join();
        var rejoined = groups.join(joinOf(members.get(0).memberId()));

        groups.leave(member(told.memberId(), null));

        assertThat(rejoined).isDone();
    }

    @Test
    void beforeVersion3TheAnswerIsThatOfTheOneMember() {
        var members = groups.stableGroup(1);
        var request =
                LeaveGroupRequest.builder().groupId(GROUP).memberId("nobody").build();

        assertThat(leaveError(request)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(leaveError(request.toBuilder().groupId("").build())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(leaveError(
                        request.toBuilder().memberId(members.get(0).memberId()).build()))
                .isEqualTo(ErrorCode.NONE);
    }

    private ErrorCode leaveError(LeaveGroupRequest request) {
        return error(
                groups.call(asked -> asked.leave(request, (short) 2)).join().errorCode());
    }

    private static ErrorCode rowError(LeaveGroupResponse answer, int row) {
        return error(answer.members().get(row).errorCode());
    }
}
