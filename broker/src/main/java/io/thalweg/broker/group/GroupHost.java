package io.thalweg.broker.group;

import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.broker.purgatory.Watch;
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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group coordinators that live on one shard: loads one when the shard begins to lead its partition, lets go of it when that ends,
 * and loads another one when its log refused what it had taken for granted. Owned by the shard; {@link #call} and {@link #topicDeleted}
 * may be called from any thread.
 */
public final class GroupHost implements LeadershipListener {

    private static final Logger log = LoggerFactory.getLogger(GroupHost.class);

    private static final long RELOAD_SECONDS = 1;

    private final Shard shard;
    private final GroupRuntime runtime;
    private final GroupConfig config;
    private final long commitTimeoutNanos;
    private final Executor loader;
    private final Map<Partition, Hosted> coordinators = new LinkedHashMap<>();

    /** The place of a coordinator: empty until it is loaded. */
    private static final class Hosted {

        private @Nullable GroupCoordinator coordinator;

        /** Topics that were deleted while it was loaded. */
        private final List<String> deletedTopics = new ArrayList<>();
    }

    /**
     * A host without coordinators.
     *
     * @param runtime of this shard
     * @param commitTimeoutNanos how long an append may wait to be replicated
     * @param loader runs what loads coordinators
     */
    GroupHost(Shard shard, GroupRuntime runtime, GroupConfig config, long commitTimeoutNanos, Executor loader) {
        this.shard = shard;
        this.runtime = runtime;
        this.config = config;
        this.commitTimeoutNanos = commitTimeoutNanos;
        this.loader = loader;
    }

    @Override
    public void began(Partition partition, LeaderPartition leader) {
        if (OffsetsTopic.NAME.equals(partition.id().topic())) {
            var hosted = new Hosted();
            coordinators.put(partition, hosted);
            load(partition, hosted);
        }
    }

    private void load(Partition partition, Hosted hosted) {
        var leader = partition.leader();
        if (coordinators.get(partition) != hosted) {
            return;
        }
        if (leader == null) {
            coordinators.remove(partition);
            return;
        }
        var limits =
                new ShardGroupLog.Limits(commitTimeoutNanos, config.offsets().maxBatchBytes());
        var groupLog = new ShardGroupLog(partition, shard, runtime.clock(), limits, () -> refused(partition, hosted));
        var coordinator = new GroupCoordinator(runtime, config, groupLog);
        GroupLoad.of(leader.log(), coordinator, loader)
                .whenComplete((endOffset, failure) -> shard.execute(() -> {
                    if (failure == null) {
                        startWhenSafe(partition, hosted, coordinator, endOffset);
                    } else {
                        loadLater(partition, hosted, failure);
                    }
                }));
    }

    /** A log that cannot be read now may be readable a little later. */
    private void loadLater(Partition partition, Hosted hosted, Throwable failure) {
        if (coordinators.get(partition) == hosted) {
            if (StorageErrors.isPassing(failure)) {
                log.warn("groups of {} cannot be loaded now; once more in {} s", partition, RELOAD_SECONDS, failure);
            } else {
                log.error("groups of {} cannot be loaded; once more in {} s", partition, RELOAD_SECONDS, failure);
            }
            if (StorageErrors.isDamage(failure)) {
                partition.publishDamaged(true);
            }
            runtime.timers()
                    .schedule(
                            TimeUnit.SECONDS.toNanos(RELOAD_SECONDS),
                            () -> shard.execute(() -> load(partition, hosted)));
        }
    }

    /** What was loaded may not be safe yet; nobody sees it before. */
    private void startWhenSafe(Partition partition, Hosted hosted, GroupCoordinator coordinator, long endOffset) {
        var leader = partition.leader();
        if (coordinators.get(partition) != hosted) {
            return;
        }
        if (leader == null) {
            coordinators.remove(partition);
        } else if (partition.highWatermark() < endOffset) {
            var watch = new Watch(shard, () -> startWhenSafe(partition, hosted, coordinator, endOffset));
            leader.watch(watch, partition.logStartOffset(), partition.highWatermark(), partition.leaderEpoch());
        } else {
            hosted.coordinator = coordinator;
            coordinator.start();
            hosted.deletedTopics.forEach(coordinator::topicDeleted);
        }
    }

    /** Its state is ahead of the log: away with it. */
    private void refused(Partition partition, Hosted hosted) {
        if (coordinators.get(partition) == hosted) {
            log.warn("groups of {} are loaded again: their log refused an append", partition);
            ended(partition);
            var next = new Hosted();
            coordinators.put(partition, next);
            // What the former one appended in this turn is in the log once the shard tells others of the turn.
            shard.outbox().add(shard, () -> load(partition, next));
        }
    }

    @Override
    public void ended(Partition partition) {
        var hosted = coordinators.remove(partition);
        if (hosted != null && hosted.coordinator != null) {
            hosted.coordinator.close(ErrorCode.NOT_COORDINATOR);
        }
    }

    /** Has the coordinator of a partition of this shard answer; gives the refusal if there is none, or none yet. */
    <T> CompletionStage<T> call(
            Partition partition,
            LongConsumer worked,
            Function<GroupCoordinator, CompletionStage<T>> ask,
            Function<ErrorCode, T> refusal) {
        var answer = new CompletableFuture<T>();
        shard.execute(() -> {
            var hosted = coordinators.get(partition);
            if (hosted == null) {
                answer.complete(refusal.apply(ErrorCode.NOT_COORDINATOR));
            } else if (hosted.coordinator == null) {
                answer.complete(refusal.apply(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            } else {
                var coordinator = hosted.coordinator;
                relay(() -> measured(ask, coordinator, worked), answer);
            }
        });
        return answer;
    }

    private <T> CompletionStage<T> measured(
            Function<GroupCoordinator, CompletionStage<T>> ask, GroupCoordinator coordinator, LongConsumer worked) {
        var begunNanos = runtime.clock().nanos();
        var asked = ask.apply(coordinator);
        worked.accept(runtime.clock().nanos() - begunNanos);
        return asked;
    }

    private static <T> void relay(Supplier<CompletionStage<T>> ask, CompletableFuture<T> answer) {
        try {
            ask.get().whenComplete((given, failure) -> {
                if (failure == null) {
                    answer.complete(given);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    /** A topic is gone, and with it the offsets in it. Any thread. */
    public void topicDeleted(String topic) {
        shard.execute(() -> {
            for (var hosted : List.copyOf(coordinators.values())) {
                if (hosted.coordinator == null) {
                    hosted.deletedTopics.add(topic);
                } else {
                    hosted.coordinator.topicDeleted(topic);
                }
            }
        });
    }
}
