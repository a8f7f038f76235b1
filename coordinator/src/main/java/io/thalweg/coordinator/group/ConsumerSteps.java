package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import org.jspecify.annotations.Nullable;

/**
 * What follows for the group from what a member says: a new epoch, a new target, the member's next step. Owned by the coordinator's event
 * loop.
 */
final class ConsumerSteps {

    private final Parts parts;

    ConsumerSteps(Parts parts) {
        this.parts = parts;
    }

    /**
     * Has a member take the next step.
     *
     * @param former the member as it was before it spoke
     * @param spoken what it says of itself now
     * @param isJoining whether it comes anew
     * @param owned what it says it uses
     */
    ConsumerMember advance(
            Draft draft,
            ConsumerMember former,
            MemberSubscription spoken,
            boolean isJoining,
            @Nullable AssignedPartitions owned) {
        var hasSubscriptionChanged = subscribe(draft, former, spoken);
        follow(draft, hasSubscriptionChanged);
        Targets.update(
                draft,
                parts.image(),
                parts.config().consumers().assignors(),
                parts.clock().millis());
        return reconcile(draft, former.id(), hasSubscriptionChanged, isJoining, owned);
    }

    /** Takes over what the member says; tells whether it subscribes to other topics than before. */
    boolean subscribe(Draft draft, ConsumerMember former, MemberSubscription spoken) {
        var said = former.subscription();
        var hasRegexChanged = !spoken.regex().equals(said.regex());
        if (hasRegexChanged && !spoken.regex().isEmpty()) {
            TopicLookup.check(spoken.regex());
        }
        if (!spoken.equals(said)) {
            draft.add(ConsumerGroupRecords.subscription(draft.group().id(), former.id(), spoken));
        }
        return hasRegexChanged || !spoken.topics().equals(said.topics());
    }

    /** Begins a new epoch if members subscribe to other topics than before, or if the topics are not what they were. */
    void follow(Draft draft, boolean hasSubscriptionChanged) {
        var image = parts.image();
        var nowMillis = parts.clock().millis();
        var regexes = new RegexSubscriptions(draft, image, nowMillis);
        if (hasSubscriptionChanged) {
            regexes.follow();
        }
        var notes = notes(draft);
        if (!hasSubscriptionChanged && notes.isComparedWith(image)) {
            return;
        }
        var isDue = nowMillis - notes.regexMillis >= RegexSubscriptions.REFRESH_MILLIS;
        var hasChanged = isDue && regexes.refresh();
        var group = draft.group();
        var hash = TopicLookup.hash(group.topics(), image);
        if (hasSubscriptionChanged || hasChanged || hash != group.metadataHash()) {
            draft.add(ConsumerGroupRecords.epoch(group.id(), group.epoch() + 1, hash));
        }
        notes.regexMillis = isDue ? nowMillis : notes.regexMillis;
        notes.comparedWith = isDue || group.regexes().isEmpty() ? image : null;
    }

    /** Where is noted what is no part of the group: with the group itself, if there is one already. */
    ConsumerGroup.Notes notes(Draft draft) {
        var known = parts.groups().consumer(draft.group().id());
        return (known == null ? draft.group() : known).notes();
    }

    /** Takes the member towards the target assignment. */
    private ConsumerMember reconcile(
            Draft draft,
            String memberId,
            boolean hasSubscriptionChanged,
            boolean isJoining,
            @Nullable AssignedPartitions owned) {
        var group = draft.group();
        var member = ConsumerChecks.member(group, memberId);
        if (!hasSubscriptionChanged && member.progress().isReconciledTo(group.targetEpoch())) {
            return member;
        }
        var subscribed = TopicLookup.ids(group.topicsOf(member), parts.image());
        var next = new Reconciliation(group, member, subscribed, hasSubscriptionChanged, isJoining, owned).next();
        if (next.equals(member.progress())) {
            return member;
        }
        draft.add(ConsumerGroupRecords.progress(group.id(), memberId, next));
        return member.with(next);
    }
}
