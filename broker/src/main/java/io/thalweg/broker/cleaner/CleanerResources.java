package io.thalweg.broker.cleaner;

import io.thalweg.spi.storage.SegmentedLog;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What the cleanings of one cleaner thread may use.
 *
 * @param mapBytes the memory for keys
 * @param loadFactor how full that may get
 * @param readBytes how much is read at a time; one batch at least
 * @param throttle all that is read and written passes it
 * @param worker runs the steps
 * @param isStopping whether everything is to end
 */
record CleanerResources(
        long mapBytes,
        double loadFactor,
        int readBytes,
        Throttle throttle,
        Executor worker,
        BooleanSupplier isStopping) {

    /** Fewer are not worth being counted. */
    private static final int MIN_SLOTS = 16;

    /** The largest array of three words a slot. */
    private static final long MAX_SLOTS = (Integer.MAX_VALUE - 8) / 3;

    /** A map for so many keys, or as many as there is memory for. */
    OffsetMap newMap(long keys) {
        var wanted = Math.max(MIN_SLOTS, (long) (keys / loadFactor) + 2);
        var allowed = Math.min(MAX_SLOTS, mapBytes / OffsetMap.SLOT_BYTES);
        return new OffsetMap((int) Math.min(wanted, allowed), loadFactor);
    }

    LogWalk.Reading reading(SegmentedLog log) {
        return new LogWalk.Reading(log, readBytes, worker);
    }

    /** A read gives one batch at least, so this one gives no more. */
    LogWalk.Reading readingOneByOne(SegmentedLog log) {
        return new LogWalk.Reading(log, 1, worker);
    }

    /** True, for a walk to go on, unless everything is to end. */
    boolean checkWorking() {
        if (isStopping.getAsBoolean()) {
            throw new CancellationException("the cleaner is stopping");
        }
        return true;
    }
}
