package io.thalweg.coordinator.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The stages that a member has given and not completed, which fail when it is closed. Any thread. */
final class PendingStages {

    private final String owner;

    @GuardedBy("this") private final SortedMap<Long, CompletableFuture<?>> stages = new TreeMap<>();

    @GuardedBy("this") private long nextNumber;

    @GuardedBy("this") private boolean isClosed;

    /**
     * Of one member.
     *
     * @param owner how messages name it
     */
    PendingStages(String owner) {
        this.owner = owner;
    }

    synchronized void checkOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    synchronized boolean isClosed() {
        return isClosed;
    }

    /** A stage to be completed. */
    <T> CompletableFuture<T> begin() {
        var stage = new CompletableFuture<T>();
        CompletionStage<T> observed = stage;
        long number = add(stage);
        observed.whenComplete((value, failure) -> forget(number));
        return stage;
    }

    private synchronized long add(CompletableFuture<?> stage) {
        checkOpen();
        stages.put(nextNumber, stage);
        return nextNumber++;
    }

    private synchronized void forget(long number) {
        stages.remove(number);
    }

    /** Fails them all and what comes; false if that was done before. */
    boolean close() {
        List<CompletableFuture<?>> unfinished;
        synchronized (this) {
            if (isClosed) {
                return false;
            }
            isClosed = true;
            unfinished = new ArrayList<>(stages.values());
        }
        unfinished.forEach(stage -> stage.completeExceptionally(closed()));
        return true;
    }

    private IllegalStateException closed() {
        return new IllegalStateException(owner + " is closed");
    }
}
