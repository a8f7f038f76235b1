package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.GroupFixture.REBALANCE;
import static io.thalweg.coordinator.group.GroupFixture.SESSION;
import static io.thalweg.coordinator.group.GroupFixture.begin;
import static io.thalweg.coordinator.group.GroupFixture.error;
import static io.thalweg.coordinator.group.GroupFixture.isLeader;
import static io.thalweg.coordinator.group.GroupFixture.joinOf;
import static io.thalweg.coordinator.group.GroupFixture.member;
import static io.thalweg.coordinator.group.GroupFixture.protocol;
import static io.thalweg.coordinator.group.GroupFixture.staticJoinOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JoinsTest {

    private static final Duration DELAY = GroupConfig.defaults().initialRebalanceDelay();

    private final GroupFixture groups = new GroupFixture();

    @Test
    void aNewMemberIsToldItsIdAndComesAgain() {
        var told = groups.join(joinOf("")).join();

        assertThat(error(told.errorCode())).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(told.memberId()).startsWith("client-");
        assertThat(groups.join(joinOf(told.memberId()))).isNotDone();
    }

    @Test
    void beforeVersion4AMemberJoinsAtOnce() {
        var joined = groups.join(joinOf(""), 3);

        groups.time.advance(DELAY);

        assertThat(error(joined.join().errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(joined.join().memberId()).startsWith("client-");
    }

    @Test
    void theFirstGenerationWaitsForAsLongAsMembersKeepComing() {
        var first = groups.joinAnew();
        groups.time.advance(DELAY.minusMillis(1));
        var second = groups.joinAnew();

        groups.time.advance(DELAY);
        assertThat(first).isNotDone();

        groups.time.advance(DELAY);
        assertThat(first.join().generationId()).isEqualTo(1);
        assertThat(second.join().generationId()).isEqualTo(1);
    }

    @Test
    void theFirstGenerationWaitsNoLongerThanARebalanceMayTake() {
        var first = groups.joinAnew();

        for (var waited = Duration.ZERO; waited.compareTo(REBALANCE) < 0; waited = waited.plusSeconds(1)) {
            begin(groups.joinAnew());
            groups.time.advance(Duration.ofSeconds(1));
        }

        assertThat(first).isDone();
    }

    @Test
    void onlyTheLeaderHearsOfAllMembers() {
        var members = groups.stableGroup(3);

        assertThat(members.get(0).members())
                .extracting(JoinGroupResponse.Member::memberId)
                .containsExactlyInAnyOrderElementsOf(
                        members.stream().map(JoinGroupResponse::memberId).toList());
        assertThat(members.get(0).members().get(0).metadata()).isEqualTo(GroupFixture.bytes("subscription"));
        assertThat(members.get(1).members()).isEmpty();
        assertThat(members.get(0).protocolType()).isEqualTo("consumer");
        assertThat(members.get(0).protocolName()).isEqualTo("range");
    }

    @Test
    void theProtocolIsOneThatAllSupportAndMostLikeBest() {
        var first = groups.join(with(protocol("a", ""), protocol("b", ""), protocol("c", "")), 3);
        begin(groups.join(with(protocol("c", ""), protocol("b", "")), 3));
        begin(groups.join(with(protocol("b", ""), protocol("c", "")), 3));

        groups.time.advance(DELAY.multipliedBy(2));

        assertThat(first.join().protocolName()).isEqualTo("b");
    }

    private static JoinGroupRequest with(JoinGroupRequest.Protocol... protocols) {
        return joinOf("").toBuilder().protocols(List.of(protocols)).build();
    }

    @Test
    void whoSharesNoProtocolIsRefused() {
        groups.stableGroup(1);

        assertThat(refusal(with(protocol("other", "")))).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(refusal(joinOf("").toBuilder().protocolType("connect").build()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void whoHasNoProtocolIsRefused() {
        assertThat(refusal(with())).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(refusal(joinOf("").toBuilder().protocolType("").build()))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        var listed = groups.call(asked -> asked.list(ListGroupsRequest.builder().build()));
        assertThat(listed.join().groups()).isEmpty();
    }

    @Test
    void aGroupHasAName() {
        assertThat(refusal(joinOf("").toBuilder().groupId("").build())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    @Test
    void sessionTimeoutsAreBounded() {
        assertThat(refusal(joinOf("").toBuilder().sessionTimeoutMillis(5_999).build()))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        assertThat(refusal(
                        joinOf("").toBuilder().sessionTimeoutMillis(1_800_001).build()))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void membersThatAreNotKnownAreRefused() {
        assertThat(refusal(joinOf("nobody"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        groups.stableGroup(1);
        assertThat(refusal(joinOf("nobody"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private ErrorCode refusal(JoinGroupRequest request) {
        return error(groups.join(request).join().errorCode());
    }

    @Test
    void aFullGroupRefusesFurtherMembers() {
        var defaults = GroupConfig.defaults();
        var small = new GroupFixture(new GroupConfig(
                defaults.initialRebalanceDelay(), defaults.sessions(), 2, defaults.offsets(), defaults.consumers()));
        var members = small.stableGroup(2);

        var refused = small.join(joinOf("")).join();

        assertThat(error(refused.errorCode())).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(small.heartbeat(members.get(0))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void membersThatTakeAnIdAndDoNotComeBackAreBounded() {
        for (var i = 0; i < Joins.MAX_ANNOUNCED; i++) {
            assertThat(refusal(joinOf(""))).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        }

        assertThat(refusal(joinOf(""))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void aMemberThatLostItsAnswerHearsTheGenerationAgain() {
        var members = groups.stableGroup(2);

        var again = groups.join(joinOf(members.get(1).memberId())).join();

        assertThat(again.generationId()).isEqualTo(1);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void theLeaderRejoinsToRebalance() {
        var members = groups.stableGroup(2);

        var leader = groups.join(joinOf(members.get(0).memberId()));
        assertThat(groups.heartbeat(members.get(1))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        var follower = groups.join(joinOf(members.get(1).memberId()));

        assertThat(leader.join().generationId()).isEqualTo(2);
        assertThat(follower.join().generationId()).isEqualTo(2);
    }

    @Test
    void aMemberWithAnotherSubscriptionRebalances() {
        var members = groups.stableGroup(2);
        var changed = joinOf(members.get(1).memberId()).toBuilder()
                .protocols(List.of(protocol("range", "another")))
                .build();

        assertThat(groups.join(changed)).isNotDone();

        assertThat(groups.state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void membersThatDoNotRejoinInTimeAreDropped() {
        var members = groups.stableGroup(3);
        var rejoined = groups.join(joinOf(members.get(0).memberId()));
        for (var waited = Duration.ZERO; waited.compareTo(REBALANCE) < 0; waited = waited.plusSeconds(5)) {
            groups.heartbeat(members.get(1));
            groups.heartbeat(members.get(2));
            groups.time.advance(Duration.ofSeconds(5));
        }

        assertThat(rejoined.join().members()).hasSize(1);
        assertThat(groups.heartbeat(members.get(1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aRebalanceWaitsForThoseWhoWereToldTheirId() {
        var members = groups.stableGroup(1);
        begin(groups.join(joinOf("")));
        var rejoined = groups.join(joinOf(members.get(0).memberId()));
        assertThat(rejoined).isNotDone();

        groups.time.advance(SESSION);

        assertThat(rejoined.join().generationId()).isEqualTo(2);
    }

    @Test
    void aStaticMemberNeedsNoIdFirst() {
        var joined = groups.join(staticJoinOf("instance"));

        groups.time.advance(DELAY);

        assertThat(joined.join().memberId()).startsWith("instance-");
        assertThat(isLeader(joined.join())).isTrue();
    }

    @Test
    void aStaticMemberThatComesBackKeepsItsPlace() {
        var former = stableStaticMember();

        var back = groups.join(staticJoinOf("instance")).join();

        assertThat(back.generationId()).isEqualTo(former.generationId());
        assertThat(back.memberId()).isNotEqualTo(former.memberId());
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.skipAssignment()).isTrue();
        assertThat(groups.sync(back).join().assignment()).isEqualTo(GroupFixture.bytes("all"));
        var old = GroupFixture.heartbeatOf(former).toBuilder()
                .groupInstanceId("instance")
                .build();
        assertThat(groups.heartbeat(old)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void aStaticLeaderThatCannotSkipItsAssignmentDoesNotTakeItselfForTheLeader() {
        var former = stableStaticMember();

        var back = groups.join(staticJoinOf("instance"), 8).join();

        assertThat(back.leader()).isEqualTo(former.memberId());
        assertThat(back.skipAssignment()).isFalse();
    }

    @Test
    void theNewIdOfAStaticMemberSurvives() {
        stableStaticMember();
        var back = groups.join(staticJoinOf("instance")).join();

        groups.restart();

        assertThat(groups.heartbeat(back)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void theDoubleOfAStaticMemberThatWaitsIsFenced() {
        var first = groups.join(staticJoinOf("instance"));

        begin(groups.join(staticJoinOf("instance")));

        assertThat(error(first.join().errorCode())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void aStaticMemberWithAnothersIdIsFenced() {
        stableStaticMember();

        var stranger =
                joinOf("stranger").toBuilder().groupInstanceId("instance").build();

        assertThat(refusal(stranger)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(refusal(stranger.toBuilder().groupInstanceId("unknown").build()))
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private JoinGroupResponse stableStaticMember() {
        var join = groups.join(staticJoinOf("instance"));
        groups.time.advance(DELAY);
        var joined = join.join();
        begin(groups.sync(joined, GroupFixture.assign(joined, "all")));
        assertThat(groups.state()).isEqualTo("Stable");
        return joined;
    }

    @Test
    void aRebalanceWaitsForStaticMembersUntilTheirSessionsEnd() {
        var first = groups.join(staticJoinOf("instance"));
        var second = groups.joinAnew();
        groups.time.advance(DELAY.multipliedBy(2));
        assertThat(first).isDone();
        var rejoined = groups.join(joinOf(second.join().memberId()).toBuilder()
                .protocols(List.of(protocol("range", "another")))
                .build());

        groups.time.advance(SESSION);

        assertThat(rejoined.join().generationId()).isEqualTo(2);
        assertThat(groups.leave(member("", "instance")).members().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }
}
