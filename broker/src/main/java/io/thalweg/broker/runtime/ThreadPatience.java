package io.thalweg.broker.runtime;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits by blocking the calling thread. Any thread. */
public final class ThreadPatience implements Patience {

    private final ThreadFactory threads;

    /** Runs on these threads what no interrupt may cut short: it would close the files that the interrupted thread writes to. */
    public ThreadPatience(ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public <T> T await(CompletionStage<T> stage, long limitMillis)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(limitMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void runToTheEnd(Runnable task) {
        var running = threads.newThread(task);
        running.start();
        var isInterrupted = false;
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
