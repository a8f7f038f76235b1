package io.thalweg.broker.metrics;

/** When the commits under way began; they may end in any order. Owned by the shard, but for {@link #ageNanos}. */
final class PendingCommits {

    /** A place whose commit has ended; clocks do not show it. */
    private static final long ENDED = Long.MIN_VALUE;

    private long[] beganNanos = new long[16];
    private long oldest;
    private long next;
    private volatile long oldestNanos = ENDED;

    /** Notes a commit; gives its number. */
    long began(long nowNanos) {
        if (next - oldest == beganNanos.length) {
            grow();
        }
        beganNanos[place(next)] = nowNanos;
        if (oldest == next) {
            oldestNanos = nowNanos;
        }
        return next++;
    }

    private void grow() {
        var larger = new long[2 * beganNanos.length];
        for (var number = oldest; number < next; number++) {
            larger[(int) (number & (larger.length - 1))] = beganNanos[place(number)];
        }
        beganNanos = larger;
    }

    /** Forgets the commit of this number; gives the time it began. */
    long ended(long number) {
        var began = beganNanos[place(number)];
        beganNanos[place(number)] = ENDED;
        if (number == oldest) {
            do {
                oldest++;
            } while (oldest < next && beganNanos[place(oldest)] == ENDED);
            oldestNanos = oldest < next ? beganNanos[place(oldest)] : ENDED;
        }
        return began;
    }

    private int place(long number) {
        return (int) (number & (beganNanos.length - 1));
    }

    /** How long the oldest one has lasted, 0 if there is none. From any thread. */
    long ageNanos(long nowNanos) {
        var began = oldestNanos;
        return began == ENDED ? 0 : Math.max(0, nowNanos - began);
    }
}
