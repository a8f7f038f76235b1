package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.protocol.ErrorCode;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes one member one step towards the target assignment: it gives up what it is not to have any more, and only then gets what nobody
 * else holds any more. A pure function of its fields.
 *
 * @param group the group with its target assignment
 * @param member who takes the step
 * @param subscribed the existing topics the member subscribes to; it must not have others, whatever the target says
 * @param hasSubscriptionChanged whether it has only just come to subscribe to those
 * @param isJoining whether it comes anew, and so takes nothing that it was given before
 * @param owned what the member says it still uses, null if it does not say
 */
record Reconciliation(
        ConsumerGroup group,
        ConsumerMember member,
        SortedSet<UUID> subscribed,
        boolean hasSubscriptionChanged,
        boolean isJoining,
        @Nullable AssignedPartitions owned) {

    MemberProgress next() {
        var progress = member.progress();
        return switch (progress.state()) {
            case STABLE -> progress.epoch() == group.targetEpoch() ? withoutUnsubscribed() : towardsTarget();
            case UNREVOKED_PARTITIONS -> stillUses(progress.revoking()) ? withoutUnsubscribed() : towardsTarget();
            case UNRELEASED_PARTITIONS -> towardsTarget();
            case UNKNOWN -> fromUnknown();
        };
    }

    private MemberProgress fromUnknown() {
        if (owned == null || !owned.isEmpty()) {
            throw new GroupRefusedException(
                    ErrorCode.FENCED_MEMBER_EPOCH,
                    "The consumer group member is in a unknown state."
                            + " The member must abandon all its partitions and rejoin.");
        }
        return towardsTarget();
    }

    /** Who does not say what it uses may use all it ever had. */
    private boolean stillUses(AssignedPartitions partitions) {
        return owned == null || !owned.where(partitions::contains).isEmpty();
    }

    /**
     * Who was given partitions and does not use them yet may be about to, until it has heard that it is not to: Kafka's client says that
     * it uses nothing while it still looks up the name of their topic, and takes them with the next step. Of a topic that it has
     * unsubscribed from it takes nothing any more.
     */
    private boolean mayComeToUse(AssignedPartitions partitions) {
        return !isJoining
                && !partitions
                        .where((topic, partition) -> subscribed.contains(topic))
                        .isEmpty();
    }

    /** In its epoch the member gives up the topics that it has unsubscribed from, and waits with the rest. */
    private MemberProgress withoutUnsubscribed() {
        var progress = member.progress();
        if (!hasSubscriptionChanged) {
            return progress;
        }
        var kept = progress.assigned().where((topic, partition) -> subscribed.contains(topic));
        if (kept.equals(progress.assigned())) {
            return progress;
        }
        var revoking =
                progress.revoking().and(progress.assigned().where((topic, partition) -> !subscribed.contains(topic)));
        return stillUses(revoking)
                ? progress.to(progress.epoch(), MemberState.UNREVOKED_PARTITIONS, kept, revoking)
                : progress.to(progress.epoch(), progress.state(), kept, progress.revoking());
    }

    private MemberProgress towardsTarget() {
        var progress = member.progress();
        var target = group.target(member.id()).where((topic, partition) -> subscribed.contains(topic));
        var kept = progress.assigned().where(target::contains);
        var revoking = progress.assigned().where((topic, partition) -> !target.contains(topic, partition));
        if (!revoking.isEmpty() && (stillUses(revoking) || mayComeToUse(revoking))) {
            return progress.to(progress.epoch(), MemberState.UNREVOKED_PARTITIONS, kept, revoking);
        }
        var missing = target.where((topic, partition) -> !kept.contains(topic, partition));
        var free = missing.where(this::isFree);
        return progress.to(
                group.targetEpoch(),
                free.count() < missing.count() ? MemberState.UNRELEASED_PARTITIONS : MemberState.STABLE,
                kept.and(free.at(group.targetEpoch())),
                AssignedPartitions.NONE);
    }

    private boolean isFree(UUID topic, int partition) {
        var owner = group.owner(topic, partition);
        return owner == null || owner.equals(member.id());
    }
}
