package io.thalweg.broker.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThrottleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<Long> delays = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private long nanos = -5;

    private final Clock clock = new Clock() {
        @Override
        public long millis() {
            return 0;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    };

    private final Timers timers = (delayNanos, task) -> {
        delays.add(delayNanos);
        due.add(task);
        return () -> {};
    };

    private final Throttle throttle = new Throttle(100, clock, timers);

    @Test
    void whatPassedBeforeTakesItsTime() {
        assertThat(throttle.pass(50).toCompletableFuture()).isCompleted();

        var second = throttle.pass(100).toCompletableFuture();
        var third = throttle.pass(1).toCompletableFuture();

        assertThat(second).isNotCompleted();
        assertThat(delays).containsExactly(SECOND / 2, SECOND * 3 / 2);
        due.get(0).run();
        assertThat(second).isCompleted();
        assertThat(third).isNotCompleted();
    }

    @Test
    void aPauseIsNotSavedUp() {
        throttle.pass(100);
        nanos += 10 * SECOND;

        assertThat(throttle.pass(100).toCompletableFuture()).isCompleted();
        assertThat(throttle.pass(100).toCompletableFuture()).isNotCompleted();
    }

    @Test
    void onceOpenEverythingPasses() {
        throttle.pass(1_000_000);
        var waiting = throttle.pass(1).toCompletableFuture();

        throttle.open();

        assertThat(waiting).isCompleted();
        assertThat(throttle.pass(1_000_000).toCompletableFuture()).isCompleted();
        assertThat(throttle.pass(1).toCompletableFuture()).isCompleted();
    }
}
