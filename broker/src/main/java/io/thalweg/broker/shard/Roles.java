package io.thalweg.broker.shard;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Following;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.partition.ReplicaLog;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each partition of a shard is at the moment, leader or follower: begins roles with the log they need, and ends them. What begins or
 * ends a role may be called from any thread and does its work on the shard; all else belongs to the shard.
 */
final class Roles {

    static final String DAMAGED = "its log is damaged";

    private static final Logger log = LoggerFactory.getLogger(Roles.class);

    private final PartitionHost host;
    private final Shard shard;
    private final StorageEngine engine;
    private final Clock clock;
    private final ReplicationPorts ports;
    private final StateSaves saves;
    private final LogChanges changes;
    private final Map<Partition, Replica> replicas = new LinkedHashMap<>();

    /** None yet. */
    Roles(PartitionHost host, StorageEngine engine, Clock clock, ReplicationPorts ports, StateSaves saves) {
        this.host = host;
        this.shard = host.shard();
        this.engine = engine;
        this.clock = clock;
        this.ports = ports;
        this.saves = saves;
        this.changes = new LogChanges(engine, shard, saves, replicas::get);
    }

    /** Changes of the logs of followers and leaders, which end before another role begins. */
    LogChanges changes() {
        return changes;
    }

    @Nullable Replica get(Partition partition) {
        return replicas.get(partition);
    }

    @Nullable LeaderPartition leader(Partition partition) {
        return replicas.get(partition) instanceof LeaderPartition leader ? leader : null;
    }

    /** All as they are now; roles may end while they are looked at. */
    List<Replica> all() {
        return List.copyOf(replicas.values());
    }

    /** The leaders among them. */
    List<LeaderPartition> leaders() {
        var leaders = new ArrayList<LeaderPartition>();
        for (var replica : replicas.values()) {
            if (replica instanceof LeaderPartition leader) {
                leaders.add(leader);
            }
        }
        return leaders;
    }

    /** Leads the partition on these terms; opens its log and restores what is known of it if that was not done before. */
    CompletionStage<Void> lead(Partition partition, LogConfig config, Leading leading) {
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
    CompletionStage<Void> follow(Partition partition, LogConfig config, Following following) {
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
            ports.following().began(host, follower);
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
    CompletionStage<Void> giveUp(Partition partition, ErrorCode error, String reason) {
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

    /**
     * Ends the role in a partition that will be taken up again soon, when its log is not being cut: what is known of it is saved. Completes
     * when the shard holds nothing of it any more, and fails if there is no role.
     */
    CompletionStage<Void> suspend(Partition partition, String reason) {
        var suspended = new CompletableFuture<Void>();
        shard.execute(() -> changes.cutEnded(partition).thenRun(() -> suspend(partition, reason, suspended)));
        return suspended;
    }

    private void suspend(Partition partition, String reason, CompletableFuture<Void> suspended) {
        var replica = replicas.get(partition);
        if (replica == null || replica.isClosed()) {
            suspended.completeExceptionally(PartitionHost.unavailable(partition));
            return;
        }
        end(partition, replica, ErrorCode.NOT_LEADER_OR_FOLLOWER, reason);
        saves.saveLast(partition, replica)
                .whenComplete((saved, failure) -> shard.execute(() -> suspended.complete(null)));
    }

    /** Saves what the core knows of every log, so that the next start reads none of them; gives the partitions up. */
    CompletionStage<Void> close() {
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
