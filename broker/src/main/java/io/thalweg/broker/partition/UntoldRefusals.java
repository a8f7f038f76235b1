package io.thalweg.broker.partition;

import io.thalweg.spi.runtime.Clock;
import java.util.concurrent.TimeUnit;

/**
 * The batches that a log refused and the operator was not told of: of the first one is told at once, then every ten seconds, since
 * producers try again many times a second and would bury everything else. Owned by the shard.
 */
final class UntoldRefusals {

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Clock clock;
    private long batches;
    private long toldNanos;
    private boolean isTold;

    UntoldRefusals(Clock clock) {
        this.clock = clock;
    }

    /** Takes note of some more; gives how many are to be told of now, 0 if it is not the time. */
    long note(int refused) {
        batches += refused;
        var now = clock.nanos();
        if (isTold && now - toldNanos < QUIET_NANOS) {
            return 0;
        }
        isTold = true;
        toldNanos = now;
        var all = batches;
        batches = 0;
        return all;
    }
}
