package io.thalweg.simulation.check;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.util.Random;

/** What a storage plug-in may do, though ours does not: give less than it was asked for, and take nothing now and then (F28). Owned by the scheduler. */
public final class Whims {

    /** One of so many appends is refused. */
    private static final int REFUSALS = 200;

    private final Random random;
    private final boolean isAny;

    /** Whims that come from chance, or none. */
    public Whims(Random random, boolean isAny) {
        this.random = random;
        this.isAny = isAny;
    }

    /** How much a read gives at most, which is a batch at least. */
    int limit(int maxBytes) {
        return isAny ? random.nextInt(Math.max(1, maxBytes)) : maxBytes;
    }

    /** Before an append. */
    void mayRefuse(LogId id) {
        if (isAny && random.nextInt(REFUSALS) == 0) {
            throw new StorageException.Full(
                    "append to " + id + " refused: No space left on device, says the plug-in", null);
        }
    }
}
