package io.thalweg.coordinator.group;

/** A member of a consumer group; immutable. */
record ConsumerMember(String id, MemberSubscription subscription, MemberProgress progress) {

    static ConsumerMember unheardOf(String id) {
        return new ConsumerMember(id, MemberSubscription.NONE, MemberProgress.NEW);
    }

    ConsumerMember with(MemberSubscription next) {
        return new ConsumerMember(id, next, progress);
    }

    ConsumerMember with(MemberProgress next) {
        return new ConsumerMember(id, subscription, next);
    }

    int epoch() {
        return progress.epoch();
    }

    /** Whether it speaks the classic protocol, in a group of the consumer protocol. */
    boolean isClassic() {
        return subscription.classic() != null;
    }
}
