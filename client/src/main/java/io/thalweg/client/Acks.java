package io.thalweg.client;

/** When a broker acknowledges a batch. */
public enum Acks {
    /** Never: records may be lost without a word. */
    NONE(0),
    /** Once the leader has it. */
    LEADER(1),
    /** Once every in-sync replica has it. */
    ALL(-1);

    private final short code;

    Acks(int code) {
        this.code = (short) code;
    }

    short code() {
        return code;
    }
}
