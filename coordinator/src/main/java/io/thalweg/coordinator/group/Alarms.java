package io.thalweg.coordinator.group;

import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Timers.Timer;
import java.util.concurrent.TimeUnit;

/** Timers whose tasks run on the coordinator's event loop, until it is closed. Owned by that loop. */
final class Alarms {

    private final EventLoop loop;
    private final Timers timers;
    private boolean isClosed;

    Alarms(EventLoop loop, Timers timers) {
        this.loop = loop;
        this.timers = timers;
    }

    Timer afterMillis(long millis, Runnable task) {
        return afterNanos(TimeUnit.MILLISECONDS.toNanos(millis), task);
    }

    Timer afterNanos(long nanos, Runnable task) {
        return timers.schedule(
                nanos,
                () -> loop.execute(() -> {
                    if (!isClosed) {
                        task.run();
                    }
                }));
    }

    /** Nothing goes off any more. */
    void close() {
        isClosed = true;
    }
}
