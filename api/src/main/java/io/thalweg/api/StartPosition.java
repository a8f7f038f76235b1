package io.thalweg.api;

/**
 * Where in a partition to begin reading.
 *
 * @param kind what the value means
 * @param value an offset or a time in epoch milliseconds, or 0
 */
public record StartPosition(Kind kind, long value) {

    /** The oldest record there is. */
    public static final StartPosition BEGINNING = new StartPosition(Kind.BEGINNING, 0);

    /** After the newest record there is. */
    public static final StartPosition END = new StartPosition(Kind.END, 0);

    /** The record at this offset. */
    public static StartPosition offset(long offset) {
        return new StartPosition(Kind.OFFSET, offset);
    }

    /** The first record that is not older than this time in epoch milliseconds; the end if there is none. */
    public static StartPosition timestamp(long millis) {
        return new StartPosition(Kind.TIMESTAMP, millis);
    }

    /** The kinds of positions. */
    public enum Kind {
        /** The oldest record. */
        BEGINNING,
        /** After the newest record. */
        END,
        /** A given offset. */
        OFFSET,
        /** The first record of a time or later. */
        TIMESTAMP
    }
}
