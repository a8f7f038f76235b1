package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class UntoldRefusalsTest {

    private final ManualClock clock = new ManualClock();
    private final UntoldRefusals refusals = new UntoldRefusals(clock);

    @Test
    void firstIsToldAtOnceAndTheOthersTogether() {
        assertThat(refusals.note(1)).isEqualTo(1);
        for (var i = 0; i < 1000; i++) {
            clock.nanos += TimeUnit.MILLISECONDS.toNanos(9);
            assertThat(refusals.note(2)).isZero();
        }

        clock.nanos += TimeUnit.SECONDS.toNanos(1);

        assertThat(refusals.note(1)).isEqualTo(2001);
        assertThat(refusals.note(1)).isZero();
    }
}
