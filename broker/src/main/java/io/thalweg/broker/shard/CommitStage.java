package io.thalweg.broker.shard;

import io.thalweg.broker.partition.Replica;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The second stage: hands what a turn appended to the engine's commit, all logs together, and does not wait. The answer comes back as
 * a task of the shard and is the third stage: what became durable acknowledges. Owned by the shard.
 */
final class CommitStage {

    private final StorageEngine engine;
    private final Executor shard;
    private final ShardListener listener;

    CommitStage(StorageEngine engine, Executor shard, ShardListener listener) {
        this.engine = engine;
        this.shard = shard;
        this.listener = listener;
    }

    /** A partition and the end offset that a commit makes durable. */
    private record Dirty(Replica leader, long endOffset) {}

    void begin(List<? extends Replica> leaders) {
        if (leaders.isEmpty()) {
            return;
        }
        var dirty = new ArrayList<Dirty>(leaders.size());
        var logs = new ArrayList<PartitionLog>(leaders.size());
        for (var leader : leaders) {
            dirty.add(new Dirty(leader, leader.endOffset()));
            logs.add(leader.log());
        }
        var commit = listener.commitBegan();
        commit(logs)
                .whenComplete((nothing, failure) -> shard.execute(() -> {
                    listener.commitEnded(commit);
                    acknowledge(dirty, failure);
                }));
    }

    private CompletionStage<Void> commit(List<PartitionLog> logs) {
        try {
            return Objects.requireNonNull(engine.commit(logs), "commit gave no stage");
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(new StorageException.Offline("commit threw", e));
        }
    }

    private void acknowledge(List<Dirty> dirty, @Nullable Throwable failure) {
        if (failure != null && dirty.size() > 1 && engine instanceof PlacedEngine) {
            // Some of the logs may lie in a directory that works.
            dirty.forEach(this::askAgain);
            return;
        }
        for (var each : dirty) {
            if (failure == null) {
                each.leader().committed(each.endOffset());
            } else {
                each.leader().commitFailed(failure);
            }
        }
    }

    private void askAgain(Dirty each) {
        commit(List.of(each.leader().log()))
                .whenComplete((nothing, failure) -> shard.execute(() -> acknowledge(List.of(each), failure)));
    }
}
