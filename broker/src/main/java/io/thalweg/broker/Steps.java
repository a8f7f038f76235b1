package io.thalweg.broker;

import io.thalweg.broker.runtime.Patience;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the steps of a start and of a stop, on the thread that starts or stops the server.
 *
 * @param givenUp completes when a start that waits is to wait no longer
 */
record Steps(Patience patience, CompletableFuture<?> givenUp) {

    private static final Logger log = LoggerFactory.getLogger(Steps.class);
    private static final long START_LIMIT_SECONDS = 120;
    private static final long PROGRESS_SECONDS = 5;

    /** What a step of a start gives. */
    <T> T finish(CompletionStage<T> stage, String step) {
        return finish(stage, START_LIMIT_SECONDS, step);
    }

    /** What a step gives that may take so long. */
    <T> T finish(CompletionStage<T> stage, long limitSeconds, String step) {
        try {
            return patience.await(stage, TimeUnit.SECONDS.toMillis(limitSeconds));
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(step + " did not succeed: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException(step + " was not done after " + limitSeconds + " s", e);
        } catch (InterruptedException e) {
            throw interrupted(step, e);
        }
    }

    /**
     * What a step gives that takes as long as it takes, or as other servers take; meanwhile it is told what is missing.
     *
     * @throws CancellationException if the start is given up before
     */
    <T> T finish(CompletionStage<T> stage, String step, Supplier<String> progress) {
        var isDone = stage.handle((done, failure) -> true);
        var isOver = isDone.applyToEither(givenUp.handle((told, failure) -> true), over -> over);
        while (!isOverWithin(isOver, PROGRESS_SECONDS)) {
            log.info(progress.get());
        }
        if (!isDone.toCompletableFuture().isDone()) {
            throw new CancellationException("the start was given up: " + step + " was not done");
        }
        return finish(stage, step);
    }

    private boolean isOverWithin(CompletionStage<?> stage, long seconds) {
        try {
            patience.await(stage, TimeUnit.SECONDS.toMillis(seconds));
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stage that cannot fail did", e);
        } catch (InterruptedException e) {
            throw interrupted("the start of the server", e);
        }
    }

    private static IllegalStateException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(what + " was interrupted", cause);
    }
}
