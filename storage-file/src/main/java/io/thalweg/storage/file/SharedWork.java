package io.thalweg.storage.file;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work on each of many things, done by the thread that asks for it with the help of those in a pool that have time. It waits for nobody who
 * has not begun, so that a pool which is busy, or never runs, holds nothing up.
 */
final class SharedWork<T> {

    /** So many threads of the pool are asked at most. */
    private static final int MOST_HELPERS = 8;

    private final List<T> items;
    private final Step<T> step;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** What is to be done with one of them. */
    interface Step<T> {
        void on(T item) throws IOException;
    }

    private SharedWork(List<T> items, Step<T> step) {
        this.items = items;
        this.step = step;
        this.left = new AtomicInteger(items.size());
    }

    /** Returns when all is done; throws what the first step that failed has thrown, after which no other was begun. */
    static <T> void forEach(List<T> items, Executor helpers, Step<T> step) throws IOException {
        if (items.isEmpty()) {
            return;
        }
        var work = new SharedWork<>(items, step);
        for (var i = 1; i < Math.min(items.size(), MOST_HELPERS); i++) {
            helpers.execute(work::help);
        }
        work.help();
        work.done.join();
        work.check();
    }

    private void help() {
        for (var index = next.getAndIncrement(); index < items.size(); index = next.getAndIncrement()) {
            try {
                if (failure.get() == null) {
                    step.on(items.get(index));
                }
            } catch (IOException | RuntimeException e) {
                failure.compareAndSet(null, e);
            } finally {
                if (left.decrementAndGet() == 0) {
                    done.complete(null);
                }
            }
        }
    }

    private void check() throws IOException {
        var cause = failure.get();
        if (cause instanceof IOException error) {
            throw error;
        }
        if (cause instanceof RuntimeException error) {
            throw error;
        }
    }
}
