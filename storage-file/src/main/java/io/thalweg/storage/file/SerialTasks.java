package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks one at a time in the order they came, on threads of a pool that others use too. Any thread. */
final class SerialTasks {

    private final Executor executor;
    private final DiskFailure failures;

    @GuardedBy("this") private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    @GuardedBy("this") private boolean running;

    SerialTasks(Executor executor, DiskFailure failures) {
        this.executor = executor;
        this.failures = failures;
    }

    /** A task that may fail with what it says. */
    interface Task {
        void run() throws IOException;
    }

    /** Completes when the task has run, with what it failed with if it did. */
    CompletionStage<Void> submit(String what, Task task) {
        var done = new CompletableFuture<Void>();
        synchronized (this) {
            waiting.add(() -> run(what, task, done));
            if (running) {
                return done;
            }
            running = true;
        }
        executor.execute(this::runAll);
        return done;
    }

    private void run(String what, Task task, CompletableFuture<Void> done) {
        try {
            task.run();
            done.complete(null);
        } catch (IOException e) {
            done.completeExceptionally(failures.of(what, e));
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void runAll() {
        for (var task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        var task = waiting.poll();
        running = task != null;
        return task;
    }
}
