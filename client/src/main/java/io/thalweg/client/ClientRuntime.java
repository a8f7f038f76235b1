package io.thalweg.client;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.ConnectingLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/**
 * What a client lives on: the event loop of its connections, which owns its state, and the time and chance it goes by. A client makes its
 * own; a simulation gives it another.
 *
 * @param random any thread may use it
 */
public record ClientRuntime(ConnectingLoop loop, Clock clock, RandomGenerator random) {

    /** Runs the task on the loop, later. */
    Timers.Timer after(long delayNanos, Runnable task) {
        return loop.schedule(delayNanos, task);
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

    /** Opens what waits: on the loop nothing it waits for could happen. */
    void checkMayWait(String what) {
        if (isCurrent()) {
            throw new IllegalStateException("the client's own thread must not wait for " + what);
        }
    }

    /** The stage as applications see it. */
    <T> CompletableFuture<T> shown(CompletionStage<T> stage) {
        return ShownStage.of(stage, this);
    }

    /** Opens each method that changes state of the loop. */
    boolean isCurrent() {
        return loop.isCurrent();
    }
}
