package io.thalweg.broker.runtime;

import io.thalweg.spi.runtime.Clock;

/** The machine's clock. */
public final class SystemClock implements Clock {

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
