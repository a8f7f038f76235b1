package io.thalweg.coordinator.group;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A clock that goes on when it is told to, and the timers that go off as it does. Owned by the test's thread. */
final class SteppedTime implements Clock, Timers {

    private final List<Due> timers = new ArrayList<>();
    private final Runnable afterEach;
    private long nanos = Duration.ofDays(1).toNanos();

    /**
     * Time that stands still.
     *
     * @param afterEach runs after each timer that goes off
     */
    SteppedTime(Runnable afterEach) {
        this.afterEach = afterEach;
    }

    private record Due(long nanos, Runnable task) {}

    void advance(Duration duration) {
        var until = nanos + duration.toNanos();
        for (var next = next(until); next != null; next = next(until)) {
            timers.remove(next);
            nanos = Math.max(nanos, next.nanos());
            next.task().run();
            afterEach.run();
        }
        nanos = until;
    }

    private @Nullable Due next(long until) {
        return timers.stream()
                .filter(due -> due.nanos() <= until)
                .min(Comparator.comparingLong(Due::nanos))
                .orElse(null);
    }

    int timerCount() {
        return timers.size();
    }

    @Override
    public long millis() {
        return nanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        var due = new Due(nanos + Math.max(delayNanos, 0), task);
        timers.add(due);
        return () -> timers.remove(due);
    }
}
