package io.thalweg.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.protocol.ErrorCode;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the tests of whole groups do not come upon: topics that are unsubscribed from, and states of a broker to come. */
final class ReconciliationTest {

    private static final UUID ORDERS = new UUID(0, 1);
    private static final UUID BILLS = new UUID(0, 2);
    private static final String MEMBER = "member";
    private static final int EPOCH = 5;

    private final ConsumerGroup group = new ConsumerGroup("group");

    private static AssignedPartitions first(UUID... topics) {
        var partitions = new AssignedPartitions.Builder();
        for (var topic : topics) {
            partitions.add(topic, 0, EPOCH);
        }
        return partitions.build();
    }

    private MemberProgress next(
            MemberState state, boolean hasSubscriptionChanged, @Nullable AssignedPartitions owned, UUID... subscribed) {
        var progress = new MemberProgress(EPOCH, EPOCH - 1, state, first(ORDERS, BILLS), AssignedPartitions.NONE);
        var member = ConsumerMember.unheardOf(MEMBER).with(progress);
        return new Reconciliation(
                        group, member, new TreeSet<>(List.of(subscribed)), hasSubscriptionChanged, false, owned)
                .next();
    }

    @Test
    void whoUnsubscribesGivesTheTopicUpInItsEpoch() {
        group.setTargetEpoch(EPOCH);

        var gives = next(MemberState.STABLE, true, first(ORDERS, BILLS), ORDERS);
        assertThat(gives.epoch()).isEqualTo(EPOCH);
        assertThat(gives.state()).isEqualTo(MemberState.UNREVOKED_PARTITIONS);
        assertThat(gives.assigned().hasSameAs(first(ORDERS))).isTrue();
        assertThat(gives.revoking().hasSameAs(first(BILLS))).isTrue();

        var hasGiven = next(MemberState.STABLE, true, first(ORDERS), ORDERS);
        assertThat(hasGiven.state()).isEqualTo(MemberState.STABLE);
        assertThat(hasGiven.assigned().hasSameAs(first(ORDERS))).isTrue();
    }

    @Test
    void aTargetFromBeforeDoesNotBringAnUnsubscribedTopicBack() {
        group.setTargetEpoch(EPOCH + 1);
        group.setTarget(MEMBER, first(ORDERS, BILLS));

        var next = next(MemberState.STABLE, true, first(ORDERS), ORDERS);

        assertThat(next.epoch()).isEqualTo(EPOCH + 1);
        assertThat(next.assigned().hasSameAs(first(ORDERS))).isTrue();
    }

    @Test
    void whoHasNotTakenYetWhatItWasGivenIsToldBeforeOthersGetIt() {
        group.setTargetEpoch(EPOCH + 1);
        group.setTarget(MEMBER, first(ORDERS));

        var told = next(MemberState.STABLE, false, AssignedPartitions.NONE, ORDERS, BILLS);
        assertThat(told.epoch()).isEqualTo(EPOCH);
        assertThat(told.state()).isEqualTo(MemberState.UNREVOKED_PARTITIONS);
        assertThat(told.revoking().hasSameAs(first(BILLS))).isTrue();

        assertThat(after(told, false, first(ORDERS, BILLS))).isEqualTo(told);
        assertThat(after(told, false, null)).isEqualTo(told);
        assertThat(after(told, false, AssignedPartitions.NONE).epoch()).isEqualTo(EPOCH + 1);
    }

    @Test
    void whoComesAnewHasGivenUpEverything() {
        group.setTargetEpoch(EPOCH + 1);
        group.setTarget(MEMBER, first(ORDERS));
        var before =
                new MemberProgress(EPOCH, EPOCH - 1, MemberState.STABLE, first(ORDERS, BILLS), AssignedPartitions.NONE);

        assertThat(after(before, true, AssignedPartitions.NONE).epoch()).isEqualTo(EPOCH + 1);
    }

    private MemberProgress after(MemberProgress progress, boolean isJoining, @Nullable AssignedPartitions owned) {
        var member = ConsumerMember.unheardOf(MEMBER).with(progress);
        var subscribed = new TreeSet<>(List.of(ORDERS, BILLS));
        return new Reconciliation(group, member, subscribed, false, isJoining, owned).next();
    }

    @Test
    void fromAStateThatNobodyKnowsAMemberBeginsWithNothing() {
        group.setTargetEpoch(EPOCH + 1);
        group.setTarget(MEMBER, first(ORDERS, BILLS));

        assertThatThrownBy(() -> next(MemberState.UNKNOWN, false, first(ORDERS), ORDERS, BILLS))
                .isInstanceOfSatisfying(
                        GroupRefusedException.class,
                        refused -> assertThat(refused.error()).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH));
        assertThatThrownBy(() -> next(MemberState.UNKNOWN, false, null, ORDERS, BILLS))
                .isInstanceOf(GroupRefusedException.class);
        assertThat(next(MemberState.UNKNOWN, false, AssignedPartitions.NONE, ORDERS, BILLS)
                        .epoch())
                .isEqualTo(EPOCH + 1);
    }
}
