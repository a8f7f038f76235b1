package io.thalweg.broker.partition;

import io.thalweg.spi.runtime.Clock;

/** A clock that the test sets. */
final class ManualClock implements Clock {

    long nanos;

    @Override
    public long millis() {
        return nanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos;
    }
}
