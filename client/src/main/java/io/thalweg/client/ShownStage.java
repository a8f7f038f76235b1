package io.thalweg.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A stage that applications see, and all that depend on it. They complete on the loop, so that whoever waited there would wait for ever:
 * who tries to is refused.
 */
class ShownStage<T> extends CompletableFuture<T> {

    private final ClientRuntime runtime;

    ShownStage(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    /** The stage, failing with exceptions of the API. */
    static <T> CompletableFuture<T> of(CompletionStage<T> stage, ClientRuntime runtime) {
        var shown = new ShownStage<T>(runtime);
        var unused = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                shown.complete(value);
            } else {
                shown.completeExceptionally(Failures.toApi(failure));
            }
        });
        return shown;
    }

    @Override
    public final <U> CompletableFuture<U> newIncompleteFuture() {
        return new ShownStage<>(runtime);
    }

    @Override
    public final T get() throws InterruptedException, ExecutionException {
        checkMayWait();
        return super.get();
    }

    @Override
    public final T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (timeout > 0) {
            checkMayWait();
        }
        return super.get(timeout, unit);
    }

    @Override
    public final T join() {
        checkMayWait();
        return super.join();
    }

    private void checkMayWait() {
        if (!isDone()) {
            runtime.checkMayWait("a stage that completes there");
        }
    }
}
