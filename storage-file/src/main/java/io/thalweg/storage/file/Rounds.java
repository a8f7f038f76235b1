package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Slow work that one run does for all who asked before it began. While one run is on, those who ask gather for the next. Any thread.
 */
final class Rounds {

    private final Executor executor;
    private final Work work;

    @GuardedBy("this") private @Nullable CompletableFuture<Void> gathering;

    @GuardedBy("this") private boolean running;

    Rounds(Executor executor, Work work) {
        this.executor = executor;
        this.work = work;
    }

    /** The work of a round; begins after everyone it is for has asked. */
    interface Work {
        void run() throws IOException;
    }

    /** Completes when a run that began after this call has ended. */
    CompletionStage<Void> join() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (gathering == null) {
                gathering = new CompletableFuture<>();
            }
            mine = gathering;
            if (running) {
                return mine;
            }
            running = true;
        }
        executor.execute(this::runAll);
        return mine;
    }

    private void runAll() {
        for (var round = next(); round != null; round = next()) {
            try {
                work.run();
                round.complete(null);
            } catch (IOException e) {
                round.completeExceptionally(DiskFailure.of("write", e));
            } catch (RuntimeException e) {
                round.completeExceptionally(e);
            }
        }
    }

    private synchronized @Nullable CompletableFuture<Void> next() {
        var round = gathering;
        gathering = null;
        running = round != null;
        return round;
    }
}
