package io.thalweg.coordinator.local;

import io.thalweg.spi.runtime.EventLoop;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Brings calls from any thread to an event loop, and fails those that have not completed when it is closed.
 *
 * <p>A loop that takes no more tasks closes it too.
 */
final class LoopCalls implements AutoCloseable {

    private final EventLoop loop;
    private final String what;
    private final Queue<Call> pending = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    /**
     * Calls about something.
     *
     * @param what is closed, for the message of late calls
     */
    LoopCalls(EventLoop loop, String what) {
        this.loop = loop;
        this.what = what;
    }

    void checkOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException(what + " is closed");
    }

    /** Runs a step on the loop, which at last completes the stage; a step that throws fails it. */
    <T> CompletionStage<T> call(Consumer<CompletableFuture<T>> step) {
        var stage = new CompletableFuture<T>();
        var call = new Call(stage);
        CompletionStage<T> result = stage;
        pending.add(call);
        result.whenComplete((value, error) -> pending.remove(call));
        run(() -> {
            if (isClosed) {
                stage.completeExceptionally(closed());
                return;
            }
            try {
                step.accept(stage);
            } catch (RuntimeException e) {
                stage.completeExceptionally(e);
            }
        });
        if (isClosed) {
            stage.completeExceptionally(closed());
        }
        return result;
    }

    /** Runs a task on the loop. */
    void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            close();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        for (var call = pending.poll(); call != null; call = pending.poll()) {
            call.stage.completeExceptionally(closed());
        }
    }

    /** Something whose stage has not completed; found again by its identity. */
    private static final class Call {

        private final CompletableFuture<?> stage;

        Call(CompletableFuture<?> stage) {
            this.stage = stage;
        }
    }
}
