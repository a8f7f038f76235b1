package io.thalweg.cli;

import java.util.Arrays;

/** When the records of one partition were sent, by their offsets: one thread notes, another asks. */
final class SendTimes {

    private long[] nanos = new long[1 << 12];
    private int count;

    synchronized void note(long sentNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = sentNanos;
    }

    /** When the record at this offset was sent, or -1 if no such record was. */
    synchronized long at(long offset) {
        return offset < count ? nanos[(int) offset] : -1;
    }
}
