package io.thalweg.coordinator.group;

/** Where a classic group is on its way from one generation to the next. */
enum GroupState {
    /** It has no members; it may have offsets. */
    EMPTY("Empty"),
    /** It waits for all members to join. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** It waits for its leader to assign. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Its members have their assignment. */
    STABLE("Stable"),
    /** It is gone. */
    DEAD("Dead");

    private final String text;

    GroupState(String text) {
        this.text = text;
    }

    /** As clients know it. */
    String text() {
        return text;
    }
}
