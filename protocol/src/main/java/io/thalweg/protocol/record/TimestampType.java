package io.thalweg.protocol.record;

/** Who set the timestamps of a batch. */
public enum TimestampType {
    /** The producer: each record carries its own. */
    CREATE_TIME,
    /** The broker, when it appended the batch: all records have the batch's max timestamp. */
    LOG_APPEND_TIME
}
