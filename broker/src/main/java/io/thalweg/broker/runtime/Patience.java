package io.thalweg.broker.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * How the one who starts or stops a broker waits; nobody else waits for anything. A simulator lets its time pass meanwhile.
 *
 * <p><b>Threads.</b> Called by the thread that starts or stops the broker.
 */
public interface Patience {

    /** What the stage gives, waiting as {@link java.util.concurrent.Future#get(long, java.util.concurrent.TimeUnit)} does. */
    <T> T await(CompletionStage<T> stage, long limitMillis)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** Runs a task that waits; returns when it has ended. An interrupt of the caller does not cut it short. */
    void runToTheEnd(Runnable task);
}
