package io.thalweg.broker.group;

import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.Shard;
import io.thalweg.coordinator.group.GroupConfig;
import io.thalweg.coordinator.group.GroupCoordinator;
import io.thalweg.coordinator.group.GroupRuntime;
import io.thalweg.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group coordinators that live on one shard: loads one when the shard begins to lead its partition, lets go of it when that ends,
 * and loads another one when its log refused what it had taken for granted. Owned by the shard; {@link #call} and {@link #callAll} may be
 * called from any thread.
 */
public final class GroupHost implements LeadershipListener {

    private static final Logger log = LoggerFactory.getLogger(GroupHost.class);

    private final Shard shard;
    private final GroupRuntime runtime;
    private final GroupConfig config;
    private final long commitTimeoutNanos;
    private final Map<Partition, Hosted> coordinators = new LinkedHashMap<>();

    /** A coordinator and whether it is loaded yet. */
    private static final class Hosted {

        private @Nullable GroupCoordinator coordinator;
        private boolean isLoaded;
    }

    /**
     * A host without coordinators.
     *
     * @param runtime of this shard
     * @param commitTimeoutNanos how long an append may wait to be replicated
     */
    public GroupHost(Shard shard, GroupRuntime runtime, GroupConfig config, long commitTimeoutNanos) {
        this.shard = shard;
        this.runtime = runtime;
        this.config = config;
        this.commitTimeoutNanos = commitTimeoutNanos;
    }

    @Override
    public void began(Partition partition, LeaderPartition leader) {
        if (OffsetsTopic.NAME.equals(partition.id().topic())) {
            load(partition, leader);
        }
    }

    private void load(Partition partition, LeaderPartition leader) {
        var hosted = new Hosted();
        var limits =
                new ShardGroupLog.Limits(commitTimeoutNanos, config.offsets().maxBatchBytes());
        var groupLog = new ShardGroupLog(partition, shard, runtime.clock(), limits, () -> reload(partition, hosted));
        var coordinator = new GroupCoordinator(runtime, config, groupLog);
        hosted.coordinator = coordinator;
        coordinators.put(partition, hosted);
        GroupLoad.of(leader.log(), coordinator)
                .whenComplete((nothing, failure) -> shard.execute(() -> loaded(partition, hosted, failure)));
    }

    private void loaded(Partition partition, Hosted hosted, @Nullable Throwable failure) {
        var coordinator = hosted.coordinator;
        if (coordinators.get(partition) != hosted || coordinator == null) {
            return;
        }
        if (failure != null) {
            log.error("groups of {} cannot be loaded; their members are told to look elsewhere", partition, failure);
            coordinators.remove(partition);
            return;
        }
        hosted.isLoaded = true;
        coordinator.start();
    }

    /** Its state is ahead of the log: away with it. */
    private void reload(Partition partition, Hosted hosted) {
        if (coordinators.get(partition) != hosted) {
            return;
        }
        log.warn("groups of {} are loaded again: their log refused an append", partition);
        ended(partition);
        var leader = partition.leader();
        if (leader != null) {
            load(partition, leader);
        }
    }

    @Override
    public void ended(Partition partition) {
        var hosted = coordinators.remove(partition);
        if (hosted != null && hosted.isLoaded && hosted.coordinator != null) {
            hosted.coordinator.close(ErrorCode.NOT_COORDINATOR);
        }
    }

    /** Has the coordinator of a partition of this shard answer; gives the refusal if there is none, or none yet. */
    <T> CompletionStage<T> call(
            Partition partition, Function<GroupCoordinator, CompletionStage<T>> ask, Function<ErrorCode, T> refusal) {
        var answer = new CompletableFuture<T>();
        shard.execute(() -> {
            var hosted = coordinators.get(partition);
            if (hosted == null) {
                answer.complete(refusal.apply(ErrorCode.NOT_COORDINATOR));
            } else if (!hosted.isLoaded || hosted.coordinator == null) {
                answer.complete(refusal.apply(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            } else {
                relay(ask, hosted.coordinator, answer);
            }
        });
        return answer;
    }

    private static <T> void relay(
            Function<GroupCoordinator, CompletionStage<T>> ask,
            GroupCoordinator coordinator,
            CompletableFuture<T> answer) {
        try {
            ask.apply(coordinator).whenComplete((given, failure) -> {
                if (failure == null) {
                    answer.complete(given);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException | AssertionError e) {
            answer.completeExceptionally(e);
        }
    }

    /** A topic is gone, and with it the offsets in it. Any thread. */
    public void topicDeleted(String topic) {
        shard.execute(() -> {
            for (var hosted : List.copyOf(coordinators.values())) {
                if (hosted.isLoaded && hosted.coordinator != null) {
                    hosted.coordinator.topicDeleted(topic);
                }
            }
        });
    }

    /** Completes with what every coordinator of this shard says; false beside it if one is not loaded yet. */
    <T> CompletionStage<Gathered<T>> callAll(Function<GroupCoordinator, T> ask) {
        var answer = new CompletableFuture<Gathered<T>>();
        shard.execute(() -> {
            var all = new ArrayList<T>();
            var isComplete = true;
            for (var hosted : coordinators.values()) {
                isComplete &= hosted.isLoaded;
                if (hosted.isLoaded && hosted.coordinator != null) {
                    all.add(ask.apply(hosted.coordinator));
                }
            }
            answer.complete(new Gathered<>(all, isComplete));
        });
        return answer;
    }

    /** What the coordinators of some shards say, and whether all could. */
    record Gathered<T>(List<T> answers, boolean isComplete) {

        Gathered<T> and(Gathered<T> other) {
            var both = new ArrayList<>(answers);
            both.addAll(other.answers());
            return new Gathered<>(both, isComplete && other.isComplete());
        }
    }
}
