package io.thalweg.broker.runtime;

import io.thalweg.spi.runtime.Workers;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pools of daemon threads, started at need and given back when idle. What waits for a thread is bounded by what is in flight: each task
 * is one step of a read, a commit or an opening, of which nobody begins the next before the last is done.
 */
public final class ThreadWorkers implements Workers {

    private static final Logger log = LoggerFactory.getLogger(ThreadWorkers.class);
    private static final long IDLE_SECONDS = 30;

    private final String prefix;

    /** Thread names begin with the prefix. */
    public ThreadWorkers(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Pool start(String name, int threads) {
        var executor = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DaemonThreads(prefix + name));
        executor.allowCoreThreadTimeOut(true);
        return new ThreadPool(name, executor);
    }

    private record ThreadPool(String name, ThreadPoolExecutor executor) implements Pool {

        @Override
        public void execute(Runnable task) {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    log.error("task of {} threw", name, e);
                }
            });
        }

        @Override
        public void close() {
            executor.shutdown();
            Termination.await(executor, name);
        }
    }
}
