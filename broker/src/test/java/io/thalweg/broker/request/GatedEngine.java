package io.thalweg.broker.request;

import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine whose commits wait while the test holds them. Any thread. */
final class GatedEngine implements StorageEngine {

    private final StorageEngine engine;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private boolean isHolding;
    private volatile boolean refusesOpens;
    private volatile boolean refusesCommits;
    private volatile boolean throwsOnCommit;

    GatedEngine(StorageEngine engine) {
        this.engine = engine;
    }

    /** From now on logs cannot be opened, as if their disk were gone. */
    void refuseOpens() {
        refusesOpens = true;
    }

    /** From now on nothing can be made durable. */
    void refuseCommits() {
        refusesCommits = true;
    }

    /** From now on commits throw, which no engine may do. */
    void throwOnCommit(boolean throwsNow) {
        throwsOnCommit = throwsNow;
    }

    synchronized void holdCommits() {
        isHolding = true;
    }

    synchronized int heldCount() {
        return held.size();
    }

    void releaseCommits() {
        List<Runnable> due;
        synchronized (this) {
            isHolding = false;
            due = List.copyOf(held);
            held.clear();
        }
        due.forEach(Runnable::run);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        var done = new CompletableFuture<Void>();
        if (throwsOnCommit) {
            throw new IllegalArgumentException("wanted by the test");
        }
        if (refusesCommits) {
            return CompletableFuture.failedFuture(new StorageException.Offline("no commits in this test", null));
        }
        Runnable commit = () -> engine.commit(logs).whenComplete((nothing, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        synchronized (this) {
            if (isHolding) {
                held.add(commit);
                return done;
            }
        }
        commit.run();
        return done;
    }

    @Override
    public List<LogId> logs() {
        return engine.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        return refusesOpens
                ? CompletableFuture.failedFuture(new StorageException.Offline("no opens in this test", null))
                : engine.open(id, config);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        engine.configure(id, config);
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        return engine.checkpoints(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        return engine.delete(id);
    }

    @Override
    public void close() {
        engine.close();
    }
}
