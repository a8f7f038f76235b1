package io.thalweg.broker.runtime;

import io.thalweg.spi.runtime.Timers;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on one daemon thread. A cancelled timer leaves the queue at once, so waits that never expire cost nothing. */
public final class ThreadTimers implements Timers, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ThreadTimers.class);

    private final ScheduledThreadPoolExecutor executor;

    public ThreadTimers(String threadName) {
        // What is scheduled after the end, as by a task that repeats itself, never runs.
        executor = new ScheduledThreadPoolExecutor(
                1, new DaemonThreads(threadName), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        var future = executor.schedule(() -> run(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("timer task threw", e);
        }
    }

    /** Drops what is not due; waits for the task that runs. */
    @Override
    public void close() {
        executor.shutdown();
        Termination.await(executor, "timers");
    }
}
