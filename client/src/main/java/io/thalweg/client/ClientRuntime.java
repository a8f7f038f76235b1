package io.thalweg.client;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/**
 * The thread that owns a client's state, and the time and chance it goes by. A client makes its own; a simulation gives it another.
 *
 * @param random any thread may use it
 */
public record ClientRuntime(EventLoop loop, Timers timers, Clock clock, RandomGenerator random) {

    /** Runs the task on the loop, later. */
    Timers.Timer after(long delayNanos, Runnable task) {
        return timers.schedule(delayNanos, () -> executeUnlessEnded(task));
    }

    /** Runs the task on the loop; false if the client has ended, and the task never runs. */
    boolean executeUnlessEnded(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Opens each method that changes state of the loop. */
    boolean isCurrent() {
        return loop.isCurrent();
    }
}
