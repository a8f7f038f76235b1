package io.thalweg.broker.request;

import io.thalweg.spi.runtime.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock whose wall-clock time the test sets; elapsed time is real. */
final class TestClock implements Clock {

    static final long START_MILLIS = 1_700_000_000_000L;

    private final AtomicLong millis = new AtomicLong(START_MILLIS);

    @Override
    public long millis() {
        return millis.get();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    void set(long now) {
        millis.set(now);
    }
}
