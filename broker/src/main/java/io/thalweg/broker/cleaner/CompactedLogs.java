package io.thalweg.broker.cleaner;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.shard.Shards;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The compacted logs of a broker, and the ways to their shards. Any thread. */
final class CompactedLogs {

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

    /** Completes with all that are led here. */
    CompletionStage<List<CleanTarget>> list() {
        var found = Collections.synchronizedList(new ArrayList<CleanTarget>());
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (var host : shards.hosts()) {
            var visited = host.visit((partition, leader) -> look(partition, leader, found));
            all = all.thenCombine(visited, (before, now) -> null);
        }
        return all.thenApply(nothing -> List.copyOf(found));
    }

    private void look(Partition partition, LeaderPartition leader, List<CleanTarget> found) {
        var topic = topics.find(partition.id().topicId());
        if (topic == null || !topic.settings().isCompacted() || !(leader.log() instanceof SegmentedLog segmented)) {
            return;
        }
        var compaction = topic.settings().compaction();
        rollIfOverdue(segmented, compaction.maxLagMillis());
        found.add(new CleanTarget(
                partition,
                segmented,
                compaction,
                partition.leaderEpoch(),
                topic.settings().toLogConfig().segmentBytes(),
                partition.lastStableOffset()));
    }

    /** The segment that is appended to is not compacted, so it must not be that for too long. */
    private void rollIfOverdue(SegmentedLog log, long maxLagMillis) {
        var segments = log.segments();
        if (maxLagMillis == Long.MAX_VALUE || segments.isEmpty()) {
            return;
        }
        var active = segments.get(segments.size() - 1);
        if (active.maxTimestamp() >= 0 && clock.millis() - active.maxTimestamp() > maxLagMillis) {
            log.roll();
        }
    }

    /** Completes with the last offset of each producer that the partition remembers. */
    CompletionStage<Map<Long, Long>> producerOffsets(CleanTarget target) {
        return shards.hostOf(target.partition()).ask(target.partition(), LeaderPartition::producerOffsets);
    }

    /** Completes with the offset up to which the log was cleaned when that was last saved; 0 if it never was. */
    CompletionStage<Long> savedMark(CleanTarget target) {
        return engine.checkpoints(target.partition().id())
                .latest(CleanerCheckpoint.NAME, Long.MAX_VALUE)
                .thenApply(note -> note.isPresent() ? note.get().offset() : 0L);
    }

    CompletionStage<Void> saveMark(CleanTarget target, long cleanedUpTo) {
        return shards.hostOf(target.partition()).save(target.partition(), CleanerCheckpoint.at(cleanedUpTo));
    }
}
