package io.thalweg.broker.partition;

import io.thalweg.spi.runtime.Clock;
import java.util.concurrent.TimeUnit;

/** For how long a leader has found no room for anything it was to write. Owned by the shard. */
final class FullDisk {

    /** What is about to be deleted, by retention or an administrator, may make room by then. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Clock clock;
    private boolean isFull;
    private long sinceNanos;

    FullDisk(Clock clock) {
        this.clock = clock;
    }

    /** There was no room once more; tells whether that has been so for long. */
    boolean isFullForLong() {
        if (!isFull) {
            isFull = true;
            sinceNanos = clock.nanos();
        }
        return clock.nanos() - sinceNanos >= PATIENCE_NANOS;
    }

    /** There was room; tells whether that is news. */
    boolean hasRoomAgain() {
        var isNews = isFull;
        isFull = false;
        return isNews;
    }
}
