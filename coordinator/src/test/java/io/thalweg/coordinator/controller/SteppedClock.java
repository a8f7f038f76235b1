package io.thalweg.coordinator.controller;

import io.thalweg.spi.runtime.Clock;
import java.time.Duration;

/** A clock that goes on when it is told to. */
final class SteppedClock implements Clock {

    private long nanos = 1_000_000_000;

    void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    @Override
    public long millis() {
        return nanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos;
    }
}
