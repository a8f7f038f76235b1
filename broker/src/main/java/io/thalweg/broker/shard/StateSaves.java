package io.thalweg.broker.shard;

import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.PartitionState;
import io.thalweg.broker.partition.Replica;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.StorageEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves what the core knows of the logs of a shard: whenever a log has grown much, so that a start after a crash reads little of it, and
 * when it is given up for good. Owned by the shard; of one partition one save is under way at a time.
 */
final class StateSaves {

    private static final Logger log = LoggerFactory.getLogger(StateSaves.class);

    /** A start after a crash reads at most this much of each log, and what came within one interval of the sweep. */
    static final long GROWTH_BYTES = 32 << 20;

    private static final CompletionStage<Void> NOTHING = CompletableFuture.completedFuture(null);

    private final StorageEngine engine;
    private final Executor shard;
    private final Map<Partition, CompletionStage<Void>> underWay = new LinkedHashMap<>();

    StateSaves(StorageEngine engine, Executor shard) {
        this.engine = engine;
        this.shard = shard;
    }

    /** Begins to save the state of a replica that has grown enough since it was last saved; called between turns. */
    void saveGrown(Partition partition, Replica replica) {
        if (replica.state().unsavedBytes() >= GROWTH_BYTES && !replica.isClosed() && !underWay.containsKey(partition)) {
            begin(partition, write(partition, replica.state().stateToSave()));
        }
    }

    private void begin(Partition partition, CompletionStage<Void> save) {
        underWay.put(partition, save);
        save.whenComplete((nothing, failure) -> shard.execute(() -> underWay.remove(partition, save)));
    }

    /** Saves a note, beside what is being saved already. */
    CompletionStage<Void> save(Partition partition, Checkpoint note) {
        return hold(partition, engine.checkpoints(partition.id()).save(note));
    }

    /** Has whoever waits for the saves of a partition wait for something else that must not meet a cut; gives it back. */
    CompletionStage<Void> hold(Partition partition, CompletionStage<Void> change) {
        begin(partition, settled(partition).thenCombine(change.exceptionally(failure -> null), (before, now) -> null));
        return change;
    }

    /** Completes once the state as it is now is saved, or cannot be. */
    CompletionStage<Void> saveLast(Partition partition, Replica replica) {
        if (replica.endOffset() == 0) {
            return settled(partition);
        }
        var state = replica.state().stateToSave();
        return settled(partition).thenCompose(nothing -> write(partition, state));
    }

    /** As {@link #saveLast}, of a replica that goes on. */
    CompletionStage<Void> saveNow(Partition partition, Replica replica) {
        var saved = saveLast(partition, replica);
        begin(partition, saved);
        return saved;
    }

    /** Completes once no save of the partition is under way. */
    CompletionStage<Void> settled(Partition partition) {
        return underWay.getOrDefault(partition, NOTHING);
    }

    private CompletionStage<Void> write(Partition partition, PartitionState state) {
        return NOTHING.thenCompose(nothing -> state.save(engine.checkpoints(partition.id())))
                .exceptionally(failure -> {
                    log.warn(
                            "state of {} not saved; a start before the next save reads more of its log",
                            partition,
                            failure);
                    return null;
                });
    }
}
