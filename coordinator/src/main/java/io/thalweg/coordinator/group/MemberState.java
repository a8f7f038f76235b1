package io.thalweg.coordinator.group;

/** How far a member of a consumer group is on its way to the target assignment; codes are Kafka's. */
enum MemberState {
    /** It has what it is to have in its epoch. */
    STABLE(0),
    /** It has yet to say that it has given partitions up. */
    UNREVOKED_PARTITIONS(1),
    /** It waits for partitions that others have not given up yet. */
    UNRELEASED_PARTITIONS(2),
    /** A newer broker has put it into a state that is not known here. */
    UNKNOWN(127);

    private final byte code;

    MemberState(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static MemberState fromCode(byte code) {
        for (var state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
