package io.thalweg.broker.runtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, for a bounded time, until an executor that was shut down has ended its threads. */
final class Termination {

    private static final Logger log = LoggerFactory.getLogger(Termination.class);
    private static final long LIMIT_SECONDS = 10;

    private Termination() {}

    /** An interrupt does not cut the wait short; it would make files of those who are waited for fail. */
    static void await(ExecutorService executor, String name) {
        var limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        var isInterrupted = false;
        var isDone = false;
        while (!isDone) {
            try {
                if (!executor.awaitTermination(limit - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    log.warn("{} still busy {} s after shutdown; interrupting", name, LIMIT_SECONDS);
                    executor.shutdownNow();
                }
                isDone = true;
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
