package io.thalweg.broker.cleaner;

import io.thalweg.broker.config.TopicSettings;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.shard.Shards;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compacted logs of a broker, and the ways to their shards. Any thread. */
final class CompactedLogs {

    private static final Logger log = LoggerFactory.getLogger(CompactedLogs.class);

    private final Shards shards;
    private final TopicTable topics;
    private final StorageEngine engine;
    private final Clock clock;

    CompactedLogs(Shards shards, TopicTable topics, StorageEngine engine, Clock clock) {
        this.shards = shards;
        this.topics = topics;
        this.engine = engine;
        this.clock = clock;
    }

    /** Looks at a compacted log on its shard. */
    private interface Visitor {
        void visit(Partition partition, SegmentedLog log, TopicSettings settings);
    }

    private CompletionStage<Void> visit(Visitor visitor) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (var host : shards.hosts()) {
            var visited = host.visit((partition, leader) -> {
                var topic = topics.find(partition.id().topicId());
                if (topic != null && topic.settings().isCompacted() && leader.log() instanceof SegmentedLog segmented) {
                    visitor.visit(partition, segmented, topic.settings());
                }
            });
            all = all.thenCombine(visited, (before, now) -> null);
        }
        return all;
    }

    /** Completes with all that are led here. */
    CompletionStage<List<CleanTarget>> list() {
        var found = Collections.synchronizedList(new ArrayList<CleanTarget>());
        return visit((partition, segmented, settings) -> found.add(new CleanTarget(
                        partition,
                        segmented,
                        settings.compaction(),
                        partition.leaderEpoch(),
                        settings.toLogConfig().segmentBytes(),
                        partition.lastStableOffset())))
                .thenApply(nothing -> List.copyOf(found));
    }

    /** Something in the log was found damaged. */
    void damaged(CleanTarget target) {
        shards.hostOf(target.partition()).damaged(target.partition(), target.log());
    }

    /** The segment that is appended to is not compacted, so it must not be that for too long. */
    CompletionStage<Void> rollOverdue() {
        return visit((partition, segmented, settings) -> {
            if (isOverdue(segmented, settings.compaction().maxLagMillis())) {
                roll(partition, segmented);
            }
        });
    }

    private boolean isOverdue(SegmentedLog segmented, long maxLagMillis) {
        var segments = segmented.segments();
        if (maxLagMillis == Long.MAX_VALUE || segments.isEmpty()) {
            return false;
        }
        var active = segments.get(segments.size() - 1);
        return active.maxTimestamp() >= 0 && clock.millis() - active.maxTimestamp() > maxLagMillis;
    }

    /** On a full disk it may fail for long; what is closed is compacted all the same, which makes room. */
    private static void roll(Partition partition, SegmentedLog segmented) {
        try {
            segmented.roll();
        } catch (StorageException e) {
            log.info("{} is overdue for compaction and was not rolled: {}", partition, e.getMessage());
        }
    }

    /** Completes with the batches that the partition tells duplicates by, each as its last offset. */
    CompletionStage<Set<Long>> rememberedBatches(CleanTarget target) {
        return shards.hostOf(target.partition())
                .askInEpoch(
                        target.partition(),
                        target.leaderEpoch(),
                        leader -> leader.state().rememberedBatches());
    }

    /** Completes with how far the cleaning of the log had come when that was last saved. */
    CompletionStage<CleanerProgress> savedProgress(CleanTarget target) {
        return CompletableFuture.completedStage(target.partition().id())
                .thenCompose(id -> CleanerCheckpoint.latest(engine.checkpoints(id)));
    }

    /** Puts what is clean in its place if the log is still led here in the epoch it was found in: nobody has cut it since. */
    CompletionStage<Void> finish(CleanTarget target, SegmentedLog.Replacement replacement) {
        return shards.hostOf(target.partition()).change(target.partition(), target.leaderEpoch(), replacement::finish);
    }

    CompletionStage<Void> save(CleanTarget target, CleanerProgress progress) {
        return shards.hostOf(target.partition())
                .save(target.partition(), target.leaderEpoch(), CleanerCheckpoint.of(progress));
    }
}
