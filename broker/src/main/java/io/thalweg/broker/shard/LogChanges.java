package io.thalweg.broker.shard;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.LogCalls;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.partition.ReplicaLog;
import io.thalweg.broker.partition.RestoredLog;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.StorageEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away from the logs of a shard: their beginnings, and what followers have and their leaders have not. No log is saved, given up or
 * moved while it is cut. Owned by the shard.
 */
final class LogChanges {

    private static final Logger log = LoggerFactory.getLogger(LogChanges.class);

    private static final CompletionStage<Void> NOTHING = CompletableFuture.completedFuture(null);

    private final StorageEngine engine;
    private final Shard shard;
    private final StateSaves saves;
    private final Function<Partition, @Nullable Replica> roles;
    private final BiConsumer<FollowerPartition, Throwable> unread;
    private final Map<Partition, CompletionStage<Void>> cuts = new LinkedHashMap<>();

    /**
     * Changes of nothing yet.
     *
     * @param roles what a partition is at the moment, if anything
     * @param unread takes a follower whose log was cut and cannot be read for the moment
     */
    LogChanges(
            StorageEngine engine,
            Shard shard,
            StateSaves saves,
            Function<Partition, @Nullable Replica> roles,
            BiConsumer<FollowerPartition, Throwable> unread) {
        this.engine = engine;
        this.shard = shard;
        this.saves = saves;
        this.roles = roles;
        this.unread = unread;
    }

    boolean isCutting(Partition partition) {
        return cuts.containsKey(partition);
    }

    /** Completes on the shard once the log is not being cut. */
    CompletionStage<Void> cutEnded(Partition partition) {
        return cuts.getOrDefault(partition, NOTHING);
    }

    /** Cuts off what a follower has and its leader has not. */
    void cut(FollowerPartition follower, long endOffset) {
        log.info("{} is cut from offset {} to {}", follower, follower.endOffset(), endOffset);
        rebuild(follower, () -> LogCalls.truncateTo(follower.log(), endOffset));
    }

    /** Lets go of a follower's whole log, which goes on where its leader's begins. */
    void restart(FollowerPartition follower, long startOffset) {
        log.info("{} ended at offset {} and goes on at {}", follower, follower.endOffset(), startOffset);
        rebuild(follower, () -> LogCalls.advanceStart(follower.log(), startOffset));
    }

    private void rebuild(FollowerPartition follower, Supplier<CompletionStage<Void>> change) {
        var partition = follower.state().published();
        var ended = new CompletableFuture<Void>();
        follower.cutting();
        cuts.put(partition, ended);
        // A save that ended later would tell of batches that are gone.
        saves.settled(partition)
                .thenComposeAsync(nothing -> change.get(), shard)
                .exceptionallyCompose(failure -> refused(follower, failure))
                .thenCompose(nothing -> ReplicaLog.restore(follower.log(), engine.checkpoints(partition.id())))
                .whenComplete((restored, failure) -> shard.execute(() -> {
                    cuts.remove(partition);
                    try {
                        rebuilt(follower, restored, failure);
                    } finally {
                        ended.complete(null);
                    }
                }));
    }

    /**
     * What the disk has no room for may work later: the follower goes on with the log as it is now, and its leader finds the same again.
     */
    private static CompletionStage<Void> refused(FollowerPartition follower, Throwable failure) {
        if (!StorageErrors.isPassing(failure)) {
            return CompletableFuture.failedStage(failure);
        }
        // Without a trace: as long as the disk is full it comes back with every try.
        log.warn("{} could not be cut and will be asked for it again: {}", follower, failure.toString());
        return NOTHING;
    }

    private void rebuilt(FollowerPartition follower, RestoredLog restored, @Nullable Throwable failure) {
        if (failure == null) {
            goOn(follower, restored);
        } else if (StorageErrors.isPassing(failure)) {
            unread.accept(follower, failure);
        } else {
            goOffline(follower, failure);
        }
    }

    private void goOn(FollowerPartition follower, RestoredLog restored) {
        try {
            follower.cut(restored);
            shard.commitRest(follower);
        } catch (RuntimeException | Error e) {
            goOffline(follower, e);
        }
    }

    private static void goOffline(FollowerPartition follower, Throwable failure) {
        log.error("{} goes offline: its log could not be cut", follower, failure);
        if (StorageErrors.isDamage(failure)) {
            follower.published().publishDamaged(true);
        }
        follower.close(ErrorCode.KAFKA_STORAGE_ERROR, "its log could not be cut: " + failure);
    }

    /**
     * Moves the log start of a replica up to an offset; completes with the new log start. Called on the shard; begins at the end of the
     * turn, when nothing is staged: what is known then is that of the batches the log has.
     */
    void advanceStart(Replica replica, long offset, CompletableFuture<Long> advanced) {
        var partition = replica.state().published();
        shard.execute(() -> advance(replica, offset)
                .whenComplete((nothing, failure) -> shard.execute(() -> {
                    if (failure == null) {
                        advanced(partition, offset);
                        advanced.complete(partition.logStartOffset());
                    } else {
                        advanced.completeExceptionally(failure);
                    }
                })));
    }

    /** Moves a follower's log start up to its leader's. */
    void followStart(FollowerPartition follower, long startOffset) {
        var followed = new CompletableFuture<Long>();
        var unused = followed.whenComplete((start, failure) -> {
            if (failure != null) {
                log.warn("{} could not follow its leader's start {}", follower, startOffset, failure);
            }
        });
        advanceStart(follower, startOffset, followed);
    }

    /** What producers did in the batches that go is saved first: a restart would find it nowhere else. */
    private CompletionStage<Void> advance(Replica replica, long offset) {
        var partition = replica.state().published();
        if (!isChangeable(replica)) {
            return CompletableFuture.failedStage(PartitionHost.unavailable(partition));
        }
        return saves.saveNow(partition, replica)
                .thenComposeAsync(
                        nothing -> isChangeable(replica)
                                ? LogCalls.advanceStart(replica.log(), offset)
                                : CompletableFuture.failedStage(PartitionHost.unavailable(partition)),
                        shard);
    }

    private boolean isChangeable(Replica replica) {
        var partition = replica.state().published();
        return roles.apply(partition) == replica && !isCutting(partition);
    }

    /** Whatever the partition's role is by now. */
    private void advanced(Partition partition, long startOffset) {
        var replica = roles.apply(partition);
        if (replica != null) {
            replica.startAdvanced(startOffset);
        }
    }
}
