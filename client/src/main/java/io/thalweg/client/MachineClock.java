package io.thalweg.client;

import io.thalweg.spi.runtime.Clock;

/** The time of the machine. Immutable. */
record MachineClock() implements Clock {

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
