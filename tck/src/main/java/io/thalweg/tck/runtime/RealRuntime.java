package io.thalweg.tck.runtime;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Clock, timers and workers on real daemon threads. Any thread.
 *
 * <p><b>Close.</b> Ends the timers; pools are closed by whom they were started for.
 */
public final class RealRuntime implements Clock, Timers, Workers, AutoCloseable {

    private static final long CLOSE_SECONDS = 30;

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, daemons("tck-timers"));

    /** Starts the timers' thread at the first use. */
    public RealRuntime() {}

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        var future = timers.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Pool start(String name, int threads) {
        return new ThreadPool(name, Executors.newFixedThreadPool(threads, daemons(name)));
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private record ThreadPool(String name, ExecutorService executor) implements Pool {

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public void close() {
            executor.shutdown();
            try {
                if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            "pool " + name + " is still busy " + CLOSE_SECONDS + " s after close");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
