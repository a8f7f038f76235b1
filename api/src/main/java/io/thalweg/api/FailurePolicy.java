package io.thalweg.api;

/** What becomes of a record whose handler has failed as often as it may. */
public enum FailurePolicy {
    /** The processing ends, and the record is not committed: it is read again by whoever is started next. */
    STOP,
    /** It counts as done. */
    SKIP,
    /** It is written to another topic, with the reason in its headers, and counts as done once that is acknowledged. */
    DEAD_LETTER
}
