package io.thalweg.api;

/** When a broker acknowledges a batch. */
public enum Acks {
    /** Never: records may be lost without a word. */
    NONE,
    /** Once the leader has it. */
    LEADER,
    /** Once every in-sync replica has it. */
    ALL
}
