package io.thalweg.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.runtime.Clock;
import org.junit.jupiter.api.Test;

/** A broker without a meter registry. */
final class UnmeasuredTest {

    private static final class SetClock implements Clock {

        private long nanos = 5;

        @Override
        public long millis() {
            return nanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }

    @Test
    void theTimeOfFlushesIsToldToThoseWhoPayForIt() {
        var clock = new SetClock();
        var shard = Meters.NONE.shard(0, clock);

        shard.flushBegan();
        clock.nanos += 700;

        assertThat(shard.flushEnded()).isEqualTo(700);
    }
}
