package io.thalweg.broker.shard;

import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.LogCalls;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.RestoredLog;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.purgatory.Watches;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that live on one shard: opens, watches over and gives up their logs. Its methods may be called from any thread and
 * do their work on the shard.
 */
public final class PartitionHost {

    private static final Logger log = LoggerFactory.getLogger(PartitionHost.class);

    private final Shard shard;
    private final StorageEngine engine;
    private final Clock clock;
    private final LeadershipListener listener;
    private final Map<Partition, LeaderPartition> leaders = new LinkedHashMap<>();
    private final StateSaves saves;

    /**
     * A host without partitions.
     *
     * @param listener hears on the shard of each partition that begins or ends to lead
     */
    public PartitionHost(Shard shard, StorageEngine engine, Clock clock, LeadershipListener listener) {
        this.shard = shard;
        this.engine = engine;
        this.clock = clock;
        this.listener = listener;
        this.saves = new StateSaves(engine, shard);
    }

    public Shard shard() {
        return shard;
    }

    /** Opens the log, restores what is known of it and begins to lead. */
    public CompletionStage<Void> lead(Partition partition, LogConfig config, Leading leading) {
        var led = new CompletableFuture<Void>();
        engine.open(partition.id(), config)
                .thenCompose(opened -> LeaderPartition.restore(opened, engine.checkpoints(partition.id())))
                .whenComplete((restored, failure) -> shard.execute(() -> {
                    var cause = failure == null ? begin(partition, restored, leading) : failure;
                    if (cause == null) {
                        led.complete(null);
                    } else {
                        log.error("{} cannot be opened", partition, cause);
                        partition.publishUnavailable(ErrorCode.KAFKA_STORAGE_ERROR);
                        led.completeExceptionally(cause);
                    }
                }));
        return led;
    }

    /** Why it cannot lead, or null when it does. */
    private @Nullable Throwable begin(Partition partition, RestoredLog restored, Leading leading) {
        try {
            var leader = LeaderPartition.begin(partition, restored, leading, shard, shard.outbox());
            leaders.put(partition, leader);
            if (leader.log().offsets().durable() < leader.endOffset()) {
                // The commit that was to make it durable answers to whoever led before.
                shard.commit(leader);
            }
            listener.began(partition, leader);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Stops leading, answers what waits with the error, and completes when the shard holds nothing of the partition any more. */
    public CompletionStage<Void> giveUp(Partition partition, ErrorCode error, String reason) {
        var given = new CompletableFuture<Void>();
        shard.execute(() -> {
            var leader = leaders.remove(partition);
            if (leader != null) {
                listener.ended(partition);
            }
            if (leader == null || leader.isClosed()) {
                partition.publishUnavailable(error);
            } else {
                leader.close(error, reason);
            }
            // A save that ended later would bring the directory of a deleted log back.
            saves.settled(partition).thenRun(() -> shard.execute(() -> given.complete(null)));
        });
        return given;
    }

    /** Leaves the watch with partitions of this shard. */
    void watch(Watch watch, List<Shards.Seen> partitions) {
        shard.execute(() -> {
            for (var seen : partitions) {
                var leader = seen.partition().leader();
                if (leader == null) {
                    Watches.fire(watch, shard.outbox());
                } else {
                    leader.watch(watch, seen.logStartOffset(), seen.highWatermark(), seen.leaderEpoch());
                }
            }
        });
    }

    /** Moves the log start up to an offset; completes with the new log start. */
    public CompletionStage<Long> advanceStart(Partition partition, long offset) {
        var advanced = new CompletableFuture<Long>();
        shard.execute(() -> {
            var leader = leaders.get(partition);
            if (leader == null) {
                advanced.completeExceptionally(unavailable(partition));
                return;
            }
            LogCalls.advanceStart(leader.log(), offset)
                    .whenComplete((nothing, failure) -> shard.execute(() -> {
                        if (failure == null) {
                            leader.startAdvanced(offset);
                            advanced.complete(partition.logStartOffset());
                        } else {
                            advanced.completeExceptionally(failure);
                        }
                    }));
        });
        return advanced;
    }

    private static StorageException unavailable(Partition partition) {
        var message = partition + " has no log here";
        return partition.isOffline()
                ? new StorageException.Offline(message, null)
                : new StorageException.Fenced(message);
    }

    /** Changes what a topic's settings say about a partition. */
    public void configure(Partition partition, LogConfig config, int minInsyncReplicas) {
        shard.execute(() -> {
            var leader = leaders.get(partition);
            if (leader != null) {
                engine.configure(partition.id(), config);
                leader.minInsyncReplicas(minInsyncReplicas);
            }
        });
    }

    /** Shows a visitor each partition led here, on the shard; completes when it has seen all. */
    public CompletionStage<Void> visit(BiConsumer<Partition, LeaderPartition> visitor) {
        var visited = new CompletableFuture<Void>();
        atEndOfTurn(() -> {
            leaders.forEach((partition, leader) -> visit(partition, leader, visitor));
            visited.complete(null);
        });
        return visited;
    }

    /** Completes with what a partition led here answers, on the shard. */
    public <T> CompletionStage<T> ask(Partition partition, Function<LeaderPartition, T> question) {
        var answered = new CompletableFuture<T>();
        atEndOfTurn(() -> {
            var leader = leaders.get(partition);
            if (leader == null || leader.isClosed()) {
                answered.completeExceptionally(unavailable(partition));
            } else {
                answer(answered, leader, question);
            }
        });
        return answered;
    }

    /** Whoever asks waits for the answer, so that what the question throws has to be one. */
    private static <T> void answer(
            CompletableFuture<T> answered, LeaderPartition leader, Function<LeaderPartition, T> question) {
        try {
            answered.complete(question.apply(leader));
        } catch (RuntimeException | Error e) {
            answered.completeExceptionally(e);
        }
    }

    /** Saves a note about the log of a partition led here. */
    public CompletionStage<Void> save(Partition partition, Checkpoint note) {
        return ask(partition, leader -> saves.save(partition, note)).thenCompose(saved -> saved);
    }

    /** The second hop is to the end of the turn, when nothing is staged. */
    private void atEndOfTurn(Runnable task) {
        shard.execute(() -> shard.execute(task));
    }

    private static void visit(
            Partition partition, LeaderPartition leader, BiConsumer<Partition, LeaderPartition> visitor) {
        try {
            if (!leader.isClosed()) {
                visitor.accept(partition, leader);
            }
        } catch (RuntimeException e) {
            log.warn("{} could not be looked at", partition, e);
        }
    }

    /** Answers appends that waited too long; a timer calls it every now and then. */
    public void expireWaits() {
        shard.execute(() -> {
            var now = clock.nanos();
            leaders.values().forEach(leader -> leader.expire(now));
        });
    }

    /** Forgets producers that were idle for too long. */
    public void expireProducers(long idleMillis) {
        shard.execute(() -> {
            var olderThan = clock.millis() - idleMillis;
            leaders.values().forEach(leader -> leader.state().expireProducers(olderThan));
        });
    }

    /** Saves what the core knows of logs that have grown much; a timer calls it every now and then. */
    public void saveGrown() {
        atEndOfTurn(() -> saves.saveGrown(leaders));
    }

    /** Saves what the core knows of every log, so that the next start reads none of them; gives the partitions up. */
    public CompletionStage<Void> close() {
        var saved = new CompletableFuture<CompletionStage<Void>>();
        shard.execute(() -> {
            CompletionStage<Void> all = CompletableFuture.completedFuture(null);
            for (var each : leaders.entrySet()) {
                listener.ended(each.getKey());
                var leader = each.getValue();
                // One that a failed commit has closed may hold what is not on disk: the next start reads its log.
                if (!leader.isClosed()) {
                    leader.close(ErrorCode.NOT_LEADER_OR_FOLLOWER, "the broker is shutting down");
                    all = all.thenCombine(saves.saveLast(each.getKey(), leader), (before, now) -> null);
                }
            }
            leaders.clear();
            saved.complete(all);
        });
        return saved.thenCompose(all -> all);
    }
}
