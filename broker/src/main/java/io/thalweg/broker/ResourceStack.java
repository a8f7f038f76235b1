package io.thalweg.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker has opened; closed in the opposite order, each whatever becomes of the others. Idempotent; one thread at a time.
 *
 * <p>The closing has a thread of its own: an interrupt of the caller's thread would close the files that it writes to.
 */
final class ResourceStack implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ResourceStack.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ThreadFactory threads;

    /** An empty one that is closed on one of these threads. */
    ResourceStack(ThreadFactory threads) {
        this.threads = threads;
    }

    <C extends AutoCloseable> C push(C resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        if (opened.isEmpty()) {
            return;
        }
        var closing = threads.newThread(this::closeAll);
        closing.start();
        var isInterrupted = false;
        while (closing.isAlive()) {
            try {
                closing.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                log.error("a part of the broker did not close", e);
            }
        }
    }
}
