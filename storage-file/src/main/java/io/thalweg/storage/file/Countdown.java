package io.thalweg.storage.file;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Completes when all of some stages have, with the failure of one, as it is, if any failed. Any thread. */
final class Countdown {

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger left;

    private Countdown(int count) {
        left = new AtomicInteger(count);
    }

    static CompletionStage<Void> of(List<CompletionStage<Void>> stages) {
        if (stages.size() == 1) {
            return stages.get(0);
        }
        // One more, so that it is not done before the last stage was asked.
        var countdown = new Countdown(stages.size() + 1);
        stages.forEach(stage -> stage.whenComplete((ignored, error) -> countdown.step(error)));
        countdown.step(null);
        return countdown.done;
    }

    private void step(@Nullable Throwable error) {
        if (error != null) {
            failure.compareAndSet(null, error);
        }
        if (left.decrementAndGet() > 0) {
            return;
        }
        var first = failure.get();
        if (first == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(first);
        }
    }
}
