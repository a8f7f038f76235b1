package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Slow work that one run does for all who asked before it began. While one run is on, those who ask gather for the next; all are told in
 * the order they asked. Any thread.
 */
final class Rounds {

    private final Executor executor;
    private final Work work;

    /** Who asked since the last run began, oldest first; null if nobody did. */
    @GuardedBy("this") private @Nullable List<CompletableFuture<Void>> gathering;

    /** How many have asked and have not been told. */
    @GuardedBy("this") private int waitingCount;

    @GuardedBy("this") private boolean running;

    Rounds(Executor executor, Work work) {
        this.executor = executor;
        this.work = work;
    }

    /** The work of a round; begins after everyone it is for has asked. */
    interface Work {
        void run() throws IOException;
    }

    /** Completes when a run that began after this call has ended, and after the stages of those who asked before. */
    CompletionStage<Void> join() {
        // A stage for each: the callbacks of one stage run in any order.
        var mine = new CompletableFuture<Void>();
        if (gather(mine)) {
            executor.execute(this::runAll);
        }
        return mine;
    }

    /** Asks for a run without waiting for it. */
    void request() {
        if (gather(null)) {
            executor.execute(this::runAll);
        }
    }

    /** Whether nobody who asked is still to be told. */
    synchronized boolean isQuiet() {
        return waitingCount == 0;
    }

    /** Whether the caller has to start the runs. */
    private synchronized boolean gather(@Nullable CompletableFuture<Void> one) {
        if (gathering == null) {
            gathering = new ArrayList<>(1);
        }
        if (one != null) {
            gathering.add(one);
            waitingCount++;
        }
        var isFirst = !running;
        running = true;
        return isFirst;
    }

    private void runAll() {
        for (var round = next(); round != null; round = next()) {
            tell(round, run());
            told(round.size());
        }
    }

    private @Nullable RuntimeException run() {
        try {
            work.run();
            return null;
        } catch (IOException e) {
            return DiskFailure.of("write", e);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static void tell(List<CompletableFuture<Void>> round, @Nullable RuntimeException failure) {
        for (var each : round) {
            if (failure == null) {
                each.complete(null);
            } else {
                each.completeExceptionally(failure);
            }
        }
    }

    private synchronized @Nullable List<CompletableFuture<Void>> next() {
        var round = gathering;
        gathering = null;
        running = round != null;
        return round;
    }

    private synchronized void told(int count) {
        waitingCount -= count;
    }
}
