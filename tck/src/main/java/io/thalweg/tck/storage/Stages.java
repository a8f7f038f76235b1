package io.thalweg.tck.storage;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for stages, with a limit. */
final class Stages {

    private static final long LIMIT_SECONDS = 30;

    private Stages() {}

    /** The result; what the stage failed with is thrown as it is. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("stage failed with other than a RuntimeException", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("stage did not complete within " + LIMIT_SECONDS + " s", e);
        }
    }
}
