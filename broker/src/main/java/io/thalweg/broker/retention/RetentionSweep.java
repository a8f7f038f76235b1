package io.thalweg.broker.retention;

import io.thalweg.broker.config.RetentionConfig;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.LogCalls;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.Shards;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks over all logs of the broker and has them let go what retention lets go. Any thread may begin a sweep; each partition is decided
 * about on its shard.
 */
public final class RetentionSweep {

    private static final Logger log = LoggerFactory.getLogger(RetentionSweep.class);

    private final Shards shards;
    private final TopicTable topics;
    private final Clock clock;
    private final RetentionListener listener;

    public RetentionSweep(Shards shards, TopicTable topics, Clock clock, RetentionListener listener) {
        this.shards = shards;
        this.topics = topics;
        this.clock = clock;
        this.listener = listener;
    }

    /** Completes when every log has let go of what it may, or could not. */
    public CompletionStage<Void> run() {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (var host : shards.hosts()) {
            all = all.thenCombine(run(host), (before, now) -> null);
        }
        return all;
    }

    private CompletionStage<Void> run(PartitionHost host) {
        var advances = new ArrayList<CompletionStage<Void>>();
        return host.visit((partition, leader) -> advances.add(drop(host, partition, leader)))
                .thenCompose(nothing -> CompletableFuture.allOf(advances.toArray(CompletableFuture<?>[]::new)));
    }

    private CompletionStage<Void> drop(PartitionHost host, Partition partition, LeaderPartition leader) {
        var topic = topics.find(partition.id().topicId());
        if (topic == null) {
            return CompletableFuture.completedFuture(null);
        }
        var retention = topic.settings().retention();
        if (!(leader.log() instanceof SegmentedLog segmented)) {
            return dropBatches(host, partition, leader.log(), retention);
        }
        var rule = new RetentionRule(retention, clock.millis(), partition.highWatermark());
        var segments = segmented.segments();
        var dropped = segments.subList(0, rule.droppedCount(segments));
        return dropped.isEmpty() ? CompletableFuture.completedFuture(null) : drop(host, partition, dropped);
    }

    /** Without segments time alone decides, and what lies before the first batch that is young enough goes. */
    private CompletionStage<Void> dropBatches(
            PartitionHost host, Partition partition, PartitionLog batches, RetentionConfig retention) {
        // A log without timestamps has no age.
        if (!retention.isEnabled()
                || retention.millis() < 0
                || batches.offsets().maxTimestamp() < 0) {
            return CompletableFuture.completedFuture(null);
        }
        var replicated = partition.highWatermark();
        return LogCalls.find(batches, clock.millis() - retention.millis())
                .thenCompose(young -> advance(host, partition, Math.min(replicated, young.orElse(replicated))))
                .exceptionally(failure -> {
                    log.warn("{} could not let go of what is old", partition, failure);
                    return null;
                });
    }

    private static CompletionStage<Void> advance(PartitionHost host, Partition partition, long start) {
        return start <= partition.logStartOffset()
                ? CompletableFuture.completedFuture(null)
                : host.advanceStart(partition, start)
                        .thenAccept(newStart -> log.debug("{} begins at {}", partition, newStart));
    }

    private CompletionStage<Void> drop(PartitionHost host, Partition partition, List<LogSegment> dropped) {
        var start = dropped.get(dropped.size() - 1).endOffset();
        var bytes = dropped.stream().mapToLong(LogSegment::sizeInBytes).sum();
        return host.advanceStart(partition, start)
                .<Void>thenApply(newStart -> {
                    log.debug("{} let go of {} segments and begins at {}", partition, dropped.size(), newStart);
                    listener.dropped(dropped.size(), bytes);
                    return null;
                })
                .exceptionally(failure -> {
                    log.warn("{} could not let go of what lies below offset {}", partition, start, failure);
                    return null;
                });
    }
}
