package io.thalweg.broker.shard;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Following;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.partition.ReplicaLog;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.purgatory.Watches;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that live on one shard: opens, watches over and gives up their logs. Its methods may be called from any thread and
 * do their work on the shard.
 */
public final class PartitionHost {

    private static final Logger log = LoggerFactory.getLogger(PartitionHost.class);

    private static final String DAMAGED = "its log is damaged";

    private final Shard shard;
    private final StorageEngine engine;
    private final Clock clock;
    private final ReplicationPorts ports;
    private final Map<Partition, Replica> replicas = new LinkedHashMap<>();
    private final StateSaves saves;
    private final LogChanges changes;
    private final IsrProposals isr;

    /** A host without partitions. */
    public PartitionHost(Shard shard, StorageEngine engine, Clock clock, ReplicationPorts ports) {
        this.shard = shard;
        this.engine = engine;
        this.clock = clock;
        this.ports = ports;
        this.saves = new StateSaves(engine, shard);
        this.changes = new LogChanges(engine, shard, saves, replicas::get);
        this.isr = new IsrProposals(shard, ports.isr(), ports.lagNanos());
    }

    public Shard shard() {
        return shard;
    }

    /** Leads the partition on these terms; opens its log and restores what is known of it if that was not done before. */
    public CompletionStage<Void> lead(Partition partition, LogConfig config, Leading leading) {
        return assume(
                partition,
                config,
                current -> current instanceof LeaderPartition leader && isRenewed(leader, leading),
                state -> begin(state, leading));
    }

    private static boolean isRenewed(LeaderPartition leader, Leading leading) {
        if (leader.leaderEpoch() != leading.leaderEpoch()) {
            return false;
        }
        leader.update(leading);
        return true;
    }

    /** Follows whoever leads the partition; opens its log and restores what is known of it if that was not done before. */
    public CompletionStage<Void> follow(Partition partition, LogConfig config, Following following) {
        return assume(
                partition,
                config,
                current -> current instanceof FollowerPartition follower
                        && follower.following().equals(following),
                state -> begin(state, following));
    }

    private CompletionStage<Void> assume(
            Partition partition, LogConfig config, Predicate<Replica> renewal, Consumer<ReplicaLog> beginning) {
        var assumed = new CompletableFuture<Void>();
        shard.execute(() -> {
            var current = replicas.get(partition);
            if (current == null) {
                open(partition, config, beginning, assumed);
            } else if (current.isClosed()) {
                end(partition, current, ErrorCode.NOT_LEADER_OR_FOLLOWER, "its role has changed");
                open(partition, config, beginning, assumed);
            } else if (renewal.test(current)) {
                assumed.complete(null);
            } else {
                end(partition, current, ErrorCode.NOT_LEADER_OR_FOLLOWER, "its leadership has changed");
                changes.cutEnded(partition).thenRun(() -> begin(partition, current.state(), beginning, assumed));
            }
        });
        return assumed;
    }

    /** The log may be open, and cut, still: what a replica was closed for, such as damage, need not have to do with that. */
    private void open(
            Partition partition, LogConfig config, Consumer<ReplicaLog> beginning, CompletableFuture<Void> opened) {
        changes.cutEnded(partition)
                .thenCompose(nothing -> engine.open(partition.id(), config))
                .thenCompose(log -> ReplicaLog.restore(log, engine.checkpoints(partition.id())))
                .whenComplete((restored, failure) -> shard.execute(() -> {
                    if (failure == null) {
                        begin(partition, new ReplicaLog(partition, restored), beginning, opened);
                    } else {
                        cannotBegin(partition, failure, opened);
                    }
                }));
    }

    private static void begin(
            Partition partition, ReplicaLog state, Consumer<ReplicaLog> beginning, CompletableFuture<Void> begun) {
        try {
            beginning.accept(state);
            begun.complete(null);
        } catch (RuntimeException e) {
            cannotBegin(partition, e, begun);
        }
    }

    private static void cannotBegin(Partition partition, Throwable cause, CompletableFuture<Void> begun) {
        log.error("{} cannot be opened", partition, cause);
        if (StorageErrors.isDamage(cause)) {
            partition.publishDamaged(true);
        }
        partition.publishUnavailable(ErrorCode.KAFKA_STORAGE_ERROR);
        begun.completeExceptionally(cause);
    }

    private void begin(ReplicaLog state, Leading leading) {
        var leader = LeaderPartition.begin(state, leading, shard, shard.outbox(), clock);
        begun(leader);
        ports.leadership().began(state.published(), leader);
    }

    private void begin(ReplicaLog state, Following following) {
        var follower = FollowerPartition.begin(state, following, shard, shard.outbox());
        begun(follower);
        if (state.published().isDamaged()) {
            follower.close(ErrorCode.KAFKA_STORAGE_ERROR, DAMAGED);
        } else {
            ports.following().began(this, follower);
        }
    }

    private void begun(Replica replica) {
        replicas.put(replica.state().published(), replica);
        shard.commitRest(replica);
    }

    /** Ends what the partition is at the moment. */
    private void end(Partition partition, Replica replica, ErrorCode error, String reason) {
        replicas.remove(partition);
        if (replica instanceof FollowerPartition follower) {
            ports.following().ended(follower);
        } else {
            ports.leadership().ended(partition);
        }
        if (replica.isClosed()) {
            partition.publishUnavailable(error);
        } else {
            replica.close(error, reason);
        }
    }

    /** Ends the role, answers what waits with the error, and completes when the shard holds nothing of the partition any more. */
    public CompletionStage<Void> giveUp(Partition partition, ErrorCode error, String reason) {
        var given = new CompletableFuture<Void>();
        shard.execute(() -> {
            var replica = replicas.get(partition);
            if (replica == null) {
                partition.publishUnavailable(error);
            } else {
                end(partition, replica, error, reason);
            }
            // A save that ended later would bring the directory of a deleted log back.
            changes.cutEnded(partition)
                    .thenCompose(nothing -> saves.settled(partition))
                    .thenRun(() -> shard.execute(() -> given.complete(null)));
        });
        return given;
    }

    /** Cuts off what a follower has and its leader has not; the follower settles once that is done. Called on the shard. */
    public void cut(FollowerPartition follower, long endOffset) {
        changes.cut(follower, endOffset);
    }

    /** Lets go of a follower's whole log, which goes on where its leader's begins. Called on the shard. */
    public void restart(FollowerPartition follower, long startOffset) {
        changes.restart(follower, startOffset);
    }

    /** Moves a follower's log start up to its leader's. Called on the shard. */
    public void followStart(FollowerPartition follower, long startOffset) {
        changes.followStart(follower, startOffset);
    }

    /** A follower has fetched from here. */
    public void acknowledged(int replicaId, long brokerEpoch, List<Acknowledgement> acknowledgements) {
        shard.execute(() -> {
            for (var each : acknowledgements) {
                var leader = each.partition().leader();
                if (leader != null) {
                    leader.acknowledged(replicaId, brokerEpoch, each.endOffset(), each.leaderEpoch());
                    isr.propose(leader);
                }
            }
        });
    }

    /** Has leaders look who is in sync; a timer calls it every now and then. */
    public void checkIsr() {
        shard.execute(() -> List.copyOf(replicas.values()).forEach(replica -> {
            if (replica instanceof LeaderPartition leader) {
                isr.propose(leader);
            }
        }));
    }

    /**
     * Ends the role in a partition that will be taken up again soon, when its log is not being cut: what is known of it is saved. Completes
     * when the shard holds nothing of it any more, and fails if there is no role.
     */
    public CompletionStage<Void> suspend(Partition partition, String reason) {
        var suspended = new CompletableFuture<Void>();
        shard.execute(() -> changes.cutEnded(partition).thenRun(() -> suspend(partition, reason, suspended)));
        return suspended;
    }

    private void suspend(Partition partition, String reason, CompletableFuture<Void> suspended) {
        var replica = replicas.get(partition);
        if (replica == null || replica.isClosed()) {
            suspended.completeExceptionally(unavailable(partition));
            return;
        }
        end(partition, replica, ErrorCode.NOT_LEADER_OR_FOLLOWER, reason);
        saves.saveLast(partition, replica)
                .whenComplete((saved, failure) -> shard.execute(() -> suspended.complete(null)));
    }

    /** Leaves the watch with partitions of this shard. */
    void watch(Watch watch, List<Shards.Seen> partitions) {
        shard.execute(() -> {
            for (var seen : partitions) {
                watch(watch, seen);
            }
        });
    }

    private void watch(Watch watch, Shards.Seen seen) {
        var replica = replicas.get(seen.partition());
        if (replica instanceof LeaderPartition leader) {
            if (seen.byFollower()) {
                leader.watchEnd(watch, seen.logStartOffset(), seen.endOffset(), seen.leaderEpoch());
            } else {
                leader.watch(watch, seen.logStartOffset(), seen.endOffset(), seen.leaderEpoch());
            }
        } else if (replica instanceof FollowerPartition follower && !seen.byFollower()) {
            follower.watch(watch, seen.logStartOffset(), seen.endOffset(), seen.leaderEpoch());
        } else {
            Watches.fire(watch, shard.outbox());
        }
    }

    /** Moves the log start up to an offset; completes with the new log start. */
    public CompletionStage<Long> advanceStart(Partition partition, long offset) {
        var advanced = new CompletableFuture<Long>();
        shard.execute(() -> {
            var leader = leader(partition);
            if (leader == null) {
                advanced.completeExceptionally(unavailable(partition));
            } else {
                changes.advanceStart(leader, offset, advanced);
            }
        });
        return advanced;
    }

    private @Nullable LeaderPartition leader(Partition partition) {
        return replicas.get(partition) instanceof LeaderPartition leader ? leader : null;
    }

    static StorageException unavailable(Partition partition) {
        var message = partition + " has no log here";
        return partition.isOffline()
                ? new StorageException.Offline(message, null)
                : new StorageException.Fenced(message);
    }

    /** Changes what a topic's settings say about a partition. */
    public void configure(Partition partition, LogConfig config, int minInsyncReplicas) {
        shard.execute(() -> {
            if (replicas.containsKey(partition)) {
                engine.configure(partition.id(), config);
            }
            var leader = leader(partition);
            if (leader != null) {
                leader.minInsyncReplicas(minInsyncReplicas);
            }
        });
    }

    /** Shows a visitor each partition led here, on the shard; completes when it has seen all. */
    public CompletionStage<Void> visit(BiConsumer<Partition, LeaderPartition> visitor) {
        var visited = new CompletableFuture<Void>();
        atEndOfTurn(() -> {
            replicas.forEach((partition, replica) -> {
                if (replica instanceof LeaderPartition leader) {
                    visit(partition, leader, visitor);
                }
            });
            visited.complete(null);
        });
        return visited;
    }

    /** Completes with what a partition led here answers, on the shard. */
    public <T> CompletionStage<T> ask(Partition partition, Function<LeaderPartition, T> question) {
        var answered = new CompletableFuture<T>();
        atEndOfTurn(() -> {
            var leader = leader(partition);
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
        } catch (RuntimeException | Error e) {
            log.warn("{} could not be looked at", partition, e);
        }
    }

    /**
     * Has the engine say of each log whether it can still be used, so that those are missed that nobody uses; a timer calls it every now
     * and then.
     */
    public void checkLogs() {
        shard.execute(() -> List.copyOf(replicas.values()).forEach(this::checkLog));
    }

    /** A commit of what is durable costs nothing, and what is not answers to the commit that was begun for it. */
    private void checkLog(Replica replica) {
        if (!replica.isClosed() && !changes.isCutting(replica.state().published())) {
            engine.commit(List.of(replica.log())).whenComplete((nothing, failure) -> {
                if (failure != null && StorageErrors.isOffline(failure)) {
                    shard.execute(() -> missed(replica, failure));
                }
            });
        }
    }

    private void missed(Replica replica, Throwable failure) {
        if (replicas.get(replica.state().published()) == replica && !replica.isClosed()) {
            log.error("{} goes offline: its log cannot be used any more", replica, failure);
            replica.close(ErrorCode.KAFKA_STORAGE_ERROR, "its log cannot be used any more: " + failure.getMessage());
        }
    }

    /**
     * Something in this log of the partition was found damaged, unless it was thrown away meanwhile. Whoever leads goes on until another
     * does; nobody follows with it, lest it be in sync again.
     */
    public void damaged(Partition partition, PartitionLog found) {
        shard.execute(() -> {
            var replica = replicas.get(partition);
            if (replica != null && replica.log() == found && !partition.isDamaged()) {
                log.error("{} is damaged here; if other replicas have all of it, it is fetched from them", partition);
                partition.publishDamaged(true);
                if (replica instanceof FollowerPartition) {
                    replica.close(ErrorCode.KAFKA_STORAGE_ERROR, DAMAGED);
                }
            }
        });
    }

    /** Answers appends that waited too long; a timer calls it every now and then. */
    public void expireWaits() {
        shard.execute(() -> {
            var now = clock.nanos();
            for (var replica : replicas.values()) {
                if (replica instanceof LeaderPartition leader) {
                    leader.expire(now);
                }
            }
        });
    }

    /** Forgets producers that were idle for too long. */
    public void expireProducers(long idleMillis) {
        shard.execute(() -> {
            var olderThan = clock.millis() - idleMillis;
            replicas.values().forEach(replica -> replica.state().expireProducers(olderThan));
        });
    }

    /** Saves what the core knows of logs that have grown much; a timer calls it every now and then. */
    public void saveGrown() {
        atEndOfTurn(() -> replicas.forEach((partition, replica) -> {
            if (!changes.isCutting(partition)) {
                saves.saveGrown(partition, replica);
            }
        }));
    }

    /** Saves what the core knows of every log, so that the next start reads none of them; gives the partitions up. */
    public CompletionStage<Void> close() {
        var saved = new CompletableFuture<CompletionStage<Void>>();
        shard.execute(() -> {
            CompletionStage<Void> all = CompletableFuture.completedFuture(null);
            for (var each : List.copyOf(replicas.entrySet())) {
                var replica = each.getValue();
                // One that a failed commit has closed may hold what is not on disk: the next start reads its log.
                var isSound = !replica.isClosed() && !changes.isCutting(each.getKey());
                end(each.getKey(), replica, ErrorCode.NOT_LEADER_OR_FOLLOWER, "the broker is shutting down");
                if (isSound) {
                    all = all.thenCombine(saves.saveLast(each.getKey(), replica), (before, now) -> null);
                }
            }
            saved.complete(all);
        });
        return saved.thenCompose(all -> all);
    }
}
