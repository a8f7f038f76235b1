package io.thalweg.broker.shard;

import io.thalweg.spi.runtime.Clock;

/** Times what clients pay for, and tells nobody else: a quota holds whether or not the broker is measured. Owned by the shard. */
public final class FlushClock implements ShardListener {

    private final Clock clock;
    private long beganNanos;

    /** One that goes by this clock. */
    public FlushClock(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void flushBegan() {
        beganNanos = clock.nanos();
    }

    @Override
    public long flushEnded() {
        return clock.nanos() - beganNanos;
    }

    @Override
    public long commitBegan() {
        return 0;
    }

    @Override
    public void commitEnded(long commit) {}
}
