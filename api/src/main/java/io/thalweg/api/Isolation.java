package io.thalweg.api;

/** What a reader gets of the records that transactions write. */
public enum Isolation {
    /** Everything, as it is written: also what is aborted, then or later. */
    READ_UNCOMMITTED,
    /** What was committed, and what was written without a transaction; nothing past the first transaction that has not ended. */
    READ_COMMITTED
}
