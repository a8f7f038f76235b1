package io.thalweg.broker.purgatory;

import java.util.ArrayList;
import java.util.List;

/**
 * The watches on one partition. Owned by the shard.
 *
 * <p>Cancelled watches are swept out when the list has doubled since the last sweep, so memory stays proportional to what waits and
 * cancelling costs its caller nothing.
 */
public final class Watches {

    private static final int MIN_SWEEP_COUNT = 16;

    private final List<Watch> watches = new ArrayList<>();
    private int sweepAtCount = MIN_SWEEP_COUNT;

    /** Keeps the watch until it fires. */
    public void add(Watch watch) {
        if (watches.size() >= sweepAtCount) {
            watches.removeIf(Watch::isDone);
            sweepAtCount = Math.max(MIN_SWEEP_COUNT, 2 * watches.size());
        }
        watches.add(watch);
    }

    /** Fires every watch and forgets them. */
    public void fireAll(Outbox outbox) {
        watches.forEach(watch -> fire(watch, outbox));
        watches.clear();
        sweepAtCount = MIN_SWEEP_COUNT;
    }

    /** Has the watcher read again, unless it was told or gave up before. */
    public static void fire(Watch watch, Outbox outbox) {
        if (watch.fire()) {
            outbox.add(watch.eventLoop(), watch.readAgain());
        }
    }

    /** How many are kept, cancelled ones included. */
    public int size() {
        return watches.size();
    }
}
