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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private final StateSaves saves;
    private final Roles roles;
    private final LogChanges changes;
    private final IsrProposals isr;

    /** A host without partitions. */
    public PartitionHost(Shard shard, StorageEngine engine, Clock clock, ReplicationPorts ports) {
        this.shard = shard;
        this.engine = engine;
        this.clock = clock;
        this.saves = new StateSaves(engine, shard);
        this.roles = new Roles(this, engine, clock, ports, saves);
        this.changes = roles.changes();
        this.isr = new IsrProposals(shard, ports.isr(), ports.lagNanos());
    }

    public Shard shard() {
        return shard;
    }

    /** Leads the partition on these terms; opens its log and restores what is known of it if that was not done before. */
    public CompletionStage<Void> lead(Partition partition, LogConfig config, Leading leading) {
        return roles.lead(partition, config, leading);
    }

    /** Follows whoever leads the partition; opens its log and restores what is known of it if that was not done before. */
    public CompletionStage<Void> follow(Partition partition, LogConfig config, Following following) {
        return roles.follow(partition, config, following);
    }

    /** Ends the role, answers what waits with the error, and completes when the shard holds nothing of the partition any more. */
    public CompletionStage<Void> giveUp(Partition partition, ErrorCode error, String reason) {
        return roles.giveUp(partition, error, reason);
    }

    /**
     * Ends the role in a partition that will be taken up again soon, when its log is not being cut: what is known of it is saved. Completes
     * when the shard holds nothing of it any more, and fails if there is no role.
     */
    public CompletionStage<Void> suspend(Partition partition, String reason) {
        return roles.suspend(partition, reason);
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
        shard.execute(() -> roles.leaders().forEach(isr::propose));
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
        var replica = roles.get(seen.partition());
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
            var leader = roles.leader(partition);
            if (leader == null) {
                advanced.completeExceptionally(unavailable(partition));
            } else {
                changes.advanceStart(leader, offset, advanced);
            }
        });
        return advanced;
    }

    static StorageException unavailable(Partition partition) {
        var message = partition + " has no log here";
        return partition.isOffline()
                ? new StorageException.Offline(message, null)
                : new StorageException.Fenced(message);
    }

    /** Changes what a topic's settings say about a partition. */
    public void configure(Partition partition, LogConfig config, int minInsyncReplicas) {
        Runnable settings = () -> {
            var leader = roles.leader(partition);
            if (leader != null) {
                leader.minInsyncReplicas(minInsyncReplicas);
            }
            if (roles.get(partition) != null) {
                engine.configure(partition.id(), config);
            }
        };
        shard.execute(() -> {
            if (!roles.openings().whenOpen(partition, settings)) {
                settings.run();
            }
        });
    }

    /** Shows a visitor each partition led here, on the shard; completes when it has seen all. */
    public CompletionStage<Void> visit(BiConsumer<Partition, LeaderPartition> visitor) {
        var visited = new CompletableFuture<Void>();
        atEndOfTurn(() -> {
            roles.leaders().forEach(leader -> visit(leader, visitor));
            visited.complete(null);
        });
        return visited;
    }

    /** Completes with what a partition led here answers, on the shard. */
    public <T> CompletionStage<T> ask(Partition partition, Function<LeaderPartition, T> question) {
        return ask(partition, () -> roles.leader(partition), question);
    }

    /** Completes with what the log of a partition that is led or followed here answers, on the shard. */
    public <T> CompletionStage<T> askLog(Partition partition, Function<ReplicaLog, T> question) {
        return ask(partition, () -> roles.get(partition), replica -> question.apply(replica.state()));
    }

    private <R extends Replica, T> CompletionStage<T> ask(
            Partition partition, Supplier<@Nullable R> role, Function<R, T> question) {
        var answered = new CompletableFuture<T>();
        atEndOfTurn(() -> {
            var replica = role.get();
            if (replica == null || replica.isClosed()) {
                answered.completeExceptionally(unavailable(partition));
            } else {
                answer(answered, replica, question);
            }
        });
        return answered;
    }

    /** Whoever asks waits for the answer, so that what the question throws has to be one. */
    private static <R extends Replica, T> void answer(
            CompletableFuture<T> answered, R replica, Function<R, T> question) {
        try {
            answered.complete(question.apply(replica));
        } catch (RuntimeException | Error e) {
            answered.completeExceptionally(e);
        }
    }

    /** Saves a note about the log of a partition led here in this epoch: another leader may have cut what the note is about. */
    public CompletionStage<Void> save(Partition partition, int leaderEpoch, Checkpoint note) {
        return askInEpoch(partition, leaderEpoch, leader -> saves.save(partition, note))
                .thenCompose(saved -> saved);
    }

    /** Changes what the log of a partition led here in this epoch has; until that has ended nobody cuts it. */
    public CompletionStage<Void> change(Partition partition, int leaderEpoch, Supplier<CompletionStage<Void>> change) {
        return askInEpoch(partition, leaderEpoch, leader -> saves.hold(partition, change.get()))
                .thenCompose(changed -> changed);
    }

    /** Completes with what a partition answers, on the shard, if it is led here in this epoch. */
    public <T> CompletionStage<T> askInEpoch(
            Partition partition, int leaderEpoch, Function<LeaderPartition, T> question) {
        return ask(partition, leader -> {
            if (leader.leaderEpoch() != leaderEpoch) {
                throw new StorageException.Fenced(
                        partition + " is led in epoch " + leader.leaderEpoch() + " by now, not in " + leaderEpoch);
            }
            return question.apply(leader);
        });
    }

    /** The second hop is to the end of the turn, when nothing is staged. */
    private void atEndOfTurn(Runnable task) {
        shard.execute(() -> shard.execute(task));
    }

    private static void visit(LeaderPartition leader, BiConsumer<Partition, LeaderPartition> visitor) {
        try {
            if (!leader.isClosed()) {
                visitor.accept(leader.state().published(), leader);
            }
        } catch (RuntimeException | Error e) {
            log.warn("{} could not be looked at", leader, e);
        }
    }

    /** Tries again to open the logs that could not be opened for the moment; a timer calls it every now and then. */
    public void retryOpenings() {
        shard.execute(roles.openings()::retry);
    }

    /**
     * Has the engine say of each log whether it can still be used, so that those are missed that nobody uses; a timer calls it every now
     * and then.
     */
    public void checkLogs() {
        shard.execute(() -> roles.all().forEach(this::checkLog));
    }

    /** A commit of what is durable costs nothing, and what is not answers to the commit that was begun for it. */
    private void checkLog(Replica replica) {
        if (!replica.isClosed() && !changes.isCutting(replica.state().published())) {
            CompletableFuture.completedStage(null)
                    .thenCompose(nothing -> engine.commit(List.of(replica.log())))
                    .whenComplete((nothing, failure) -> {
                        if (failure != null && StorageErrors.isOffline(failure)) {
                            shard.execute(() -> missed(replica, failure));
                        }
                    });
        }
    }

    private void missed(Replica replica, Throwable failure) {
        if (roles.get(replica.state().published()) == replica && !replica.isClosed()) {
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
            var replica = roles.get(partition);
            if (replica != null && replica.log() == found && !partition.isDamaged()) {
                log.error("{} is damaged here; if other replicas have all of it, it is fetched from them", partition);
                partition.publishDamaged(true);
                if (replica instanceof FollowerPartition) {
                    replica.close(ErrorCode.KAFKA_STORAGE_ERROR, Roles.DAMAGED);
                }
            }
        });
    }

    /** Answers appends that waited too long; a timer calls it every now and then. */
    public void expireWaits() {
        shard.execute(() -> {
            var now = clock.nanos();
            roles.leaders().forEach(leader -> leader.expire(now));
        });
    }

    /** Forgets producers that were idle for too long. */
    public void expireProducers(long idleMillis) {
        shard.execute(() -> {
            var olderThan = clock.millis() - idleMillis;
            roles.all().forEach(replica -> replica.state().expireProducers(olderThan));
        });
    }

    /** Saves what the core knows of logs that have grown much; a timer calls it every now and then. */
    public void saveGrown() {
        atEndOfTurn(() -> roles.all().forEach(replica -> {
            var partition = replica.state().published();
            if (!changes.isCutting(partition)) {
                saves.saveGrown(partition, replica);
            }
        }));
    }

    /** Saves what the core knows of every log, so that the next start reads none of them; gives the partitions up. */
    public CompletionStage<Void> close() {
        return roles.close();
    }
}
