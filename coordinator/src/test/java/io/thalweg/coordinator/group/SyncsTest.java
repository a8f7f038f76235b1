package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.GroupFixture.REBALANCE;
import static io.thalweg.coordinator.group.GroupFixture.SESSION;
import static io.thalweg.coordinator.group.GroupFixture.assign;
import static io.thalweg.coordinator.group.GroupFixture.begin;
import static io.thalweg.coordinator.group.GroupFixture.bytes;
import static io.thalweg.coordinator.group.GroupFixture.error;
import static io.thalweg.coordinator.group.GroupFixture.heartbeatOf;
import static io.thalweg.coordinator.group.GroupFixture.isLeader;
import static io.thalweg.coordinator.group.GroupFixture.joinOf;
import static io.thalweg.coordinator.group.GroupFixture.syncOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SyncsTest {

    private static final Duration DELAYS =
            GroupConfig.defaults().initialRebalanceDelay().multipliedBy(2);

    private final GroupFixture groups = new GroupFixture();

    /** Two members that have joined and not synced, the leader first. */
    private List<JoinGroupResponse> joined() {
        var one = groups.joinAnew();
        var other = groups.joinAnew();
        groups.time.advance(DELAYS);
        return isLeader(one.join()) ? List.of(one.join(), other.join()) : List.of(other.join(), one.join());
    }

    @Test
    void membersWaitForTheLeadersAssignment() {
        var members = joined();

        var follower = groups.sync(members.get(1));
        assertThat(follower).isNotDone();
        var leader = groups.sync(members.get(0), assign(members.get(0), "0"), assign(members.get(1), "1"));

        assertThat(leader.join().assignment()).isEqualTo(bytes("0"));
        assertThat(follower.join().assignment()).isEqualTo(bytes("1"));
        assertThat(follower.join().protocolName()).isEqualTo("range");
    }

    @Test
    void whomTheLeaderForgetsGetsNothing() {
        var members = joined();

        begin(groups.sync(members.get(0), assign(members.get(0), "0")));

        assertThat(groups.sync(members.get(1)).join().assignment().remaining()).isZero();
    }

    @Test
    void theAssignmentIsHandedOutOnceItIsSafe() {
        var members = joined();
        groups.log.hold();

        var leader = groups.sync(members.get(0), assign(members.get(0), "0"));
        assertThat(leader).isNotDone();
        groups.log.commitAll();

        assertThat(leader).isDone();
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void anAssignmentThatIsNotSafeIsNotHandedOut() {
        var members = joined();
        groups.log.hold();
        var leader = groups.sync(members.get(0), assign(members.get(0), "0"));
        var follower = groups.sync(members.get(1));

        groups.log.failAll(ErrorCode.NOT_COORDINATOR);

        assertThat(error(leader.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(error(follower.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        groups.log.catchUp();
        assertThat(groups.state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void anAssignmentTooLargeForTheLogIsRefused() {
        var members = joined();

        var leader = groups.sync(members.get(0), assign(members.get(0), "x".repeat(2 << 20)));

        assertThat(error(leader.join().errorCode())).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void aRebalanceEndsTheWait() {
        var members = joined();
        var follower = groups.sync(members.get(1));

        begin(groups.join(joinOf(""), 3));

        assertThat(error(follower.join().errorCode())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(syncError(syncOf(members.get(0)))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aStaleAssignmentThatBecomesSafeLateChangesNothing() {
        var members = joined();
        groups.log.hold();
        begin(groups.sync(members.get(0), assign(members.get(0), "0")));
        begin(groups.join(joinOf(""), 3));

        groups.log.commitAll();

        assertThat(groups.state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void onlyMembersOfTheGenerationAreAnswered() {
        var members = joined();
        var sync = syncOf(members.get(1));

        assertThat(syncError(sync.toBuilder().groupId("").build())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(syncError(sync.toBuilder().groupId("other").build())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(syncError(sync.toBuilder().memberId("other").build())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(syncError(sync.toBuilder().groupInstanceId("other").build())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(syncError(sync.toBuilder().generationId(7).build())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(syncError(sync.toBuilder().protocolType("connect").build()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(syncError(sync.toBuilder().protocolName("sticky").build()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    private ErrorCode syncError(SyncGroupRequest request) {
        return error(groups.call(asked -> asked.sync(request)).join().errorCode());
    }

    @Test
    void whoDoesNotAskForItsAssignmentInTimeIsDropped() {
        var members = joined();
        begin(groups.sync(members.get(0), assign(members.get(0), "0")));

        for (var waited = Duration.ZERO; waited.compareTo(REBALANCE) < 0; waited = waited.plusSeconds(5)) {
            groups.heartbeat(members.get(0));
            groups.heartbeat(members.get(1));
            groups.time.advance(Duration.ofSeconds(5));
        }

        assertThat(groups.heartbeat(members.get(1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat(members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void heartbeatsKeepAMemberInTheGroup() {
        var members = groups.stableGroup(2);

        for (var beats = 0; beats < 100; beats++) {
            groups.time.advance(SESSION.minusMillis(1));
            assertThat(groups.heartbeat(members.get(0))).isEqualTo(ErrorCode.NONE);
            assertThat(groups.heartbeat(members.get(1))).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void aMemberCostsOneTimer() {
        var members = groups.stableGroup(1);
        var before = groups.time.timerCount();

        for (var beats = 0; beats < 100; beats++) {
            groups.heartbeat(members.get(0));
            groups.time.advance(Duration.ofMillis(100));
        }

        assertThat(groups.time.timerCount()).isLessThanOrEqualTo(before);
    }

    @Test
    void aSilentMemberIsTakenOut() {
        var members = groups.stableGroup(2);
        groups.time.advance(SESSION.minusSeconds(1));
        groups.heartbeat(members.get(0));

        groups.time.advance(Duration.ofSeconds(1));

        assertThat(groups.heartbeat(members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(groups.heartbeat(members.get(1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aGroupWhoseMembersAreAllSilentIsEmpty() {
        groups.stableGroup(3);

        groups.time.advance(SESSION);

        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void onlyMembersOfTheGenerationMayBeat() {
        var beat = heartbeatOf(groups.stableGroup(1).get(0));

        assertThat(groups.heartbeat(beat.toBuilder().groupId("").build())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(groups.heartbeat(beat.toBuilder().groupId("other").build())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat(beat.toBuilder().memberId("other").build())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.heartbeat(beat.toBuilder().generationId(0).build())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }
}
