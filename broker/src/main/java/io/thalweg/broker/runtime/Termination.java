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

    static void await(ExecutorService executor, String name) {
        var interrupted = false;
        try {
            if (!executor.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                log.warn("{} still busy {} s after shutdown; interrupting", name, LIMIT_SECONDS);
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            executor.shutdownNow();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
