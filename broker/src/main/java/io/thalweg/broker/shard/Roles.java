package io.thalweg.broker.shard;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Following;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.partition.ReplicaLog;
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

/**
 * What each partition of a shard is at the moment, leader or follower: begins roles with the log they need, and ends them. What begins or
 * ends a role may be called from any thread and does its work on the shard; all else belongs to the shard.
 */
final class Roles {

    static final String DAMAGED = "its log is damaged";

    private final PartitionHost host;
    private final Shard shard;
    private final StorageEngine engine;
    private final Clock clock;
    private final ReplicationPorts ports;
    private final StateSaves saves;
    private final LogChanges changes;
    private final LogOpenings openings;
    private final Map<Partition, Replica> replicas = new LinkedHashMap<>();

    /** None yet. */
    Roles(PartitionHost host, StorageEngine engine, Clock clock, ReplicationPorts ports, StateSaves saves) {
        this.host = host;
        this.shard = host.shard();
        this.engine = engine;
        this.clock = clock;
        this.ports = ports;
        this.saves = saves;
        this.changes = new LogChanges(engine, shard, saves, replicas::get, this::putOff);
        this.openings = new LogOpenings(engine, shard, changes);
    }

    /** Changes of the logs of followers and leaders, which end before another role begins. */
    LogChanges changes() {
        return changes;
    }

    /** Logs that roles are to begin with. */
    LogOpenings openings() {
        return openings;
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
            } else if (current.isClosed() || changes.isCutting(partition)) {
                // Once it is cut, what is known of it has to be read anew.
                end(partition, current, ErrorCode.NOT_LEADER_OR_FOLLOWER, "its role has changed");
                open(partition, config, beginning, assumed);
            } else if (renewal.test(current)) {
                assumed.complete(null);
            } else {
                end(partition, current, ErrorCode.NOT_LEADER_OR_FOLLOWER, "its leadership has changed");
                LogOpenings.begin(partition, () -> beginning.accept(current.state()), assumed);
            }
        });
        return assumed;
    }

    private void open(
            Partition partition, LogConfig config, Consumer<ReplicaLog> beginning, CompletableFuture<Void> opened) {
        openings.open(partition, () -> engine.open(partition.id(), config), beginning, opened);
    }

    /** A follower whose log was changed and cannot be read for the moment begins again once it can. */
    private void putOff(FollowerPartition follower, Throwable cause) {
        var partition = follower.published();
        if (replicas.get(partition) == follower) {
            end(partition, follower, ErrorCode.KAFKA_STORAGE_ERROR, "its log cannot be read at the moment");
            openings.putOff(partition, follower.log(), state -> begin(state, follower.following()), cause);
        }
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
        // First: whose log throws here has no role.
        shard.commitRest(replica);
        replicas.put(replica.state().published(), replica);
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
            var closed = openings.giveUp(partition);
            // A save that ended later would bring the directory of a deleted log back.
            changes.cutEnded(partition)
                    .thenCompose(nothing -> closed)
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
            var all = openings.giveUpAll();
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
