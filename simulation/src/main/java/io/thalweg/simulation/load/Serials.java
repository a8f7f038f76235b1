package io.thalweg.simulation.load;

/** Gives each batch a time of its own, which tells it from all others. Owned by the scheduler. */
public final class Serials {

    private long next = 1_700_000_000_000L;

    long next() {
        return next++;
    }
}
