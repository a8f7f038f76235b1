package io.thalweg.broker.request;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.AbortedTransactions;
import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.Compression;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads one partition for a fetch. Stateless; runs on event loops. */
final class PartitionReader {

    /** The first version of Fetch whose readers know zstd (KIP-110). */
    private static final short ZSTD_VERSION = 10;

    /** The first version of Fetch whose readers may be sent to another replica than the leader. */
    static final short ANY_REPLICA_VERSION = 11;

    /** In place of a number of bytes: tells the bounds and reads nothing. */
    static final int NO_BATCHES = -1;

    private final TopicTable topics;
    private final BiConsumer<Partition, PartitionLog> damage;
    private final ReplicationThrottle throttle;

    /**
     * A reader for any number of event loops.
     *
     * @param damage hears of logs in which something was found damaged
     * @param throttle holds up followers that catch up
     */
    PartitionReader(TopicTable topics, BiConsumer<Partition, PartitionLog> damage, ReplicationThrottle throttle) {
        this.topics = topics;
        this.damage = damage;
        this.throttle = throttle;
    }

    /** The partition that is asked for, or null if there is none. */
    @Nullable Partition find(FetchPartition asked) {
        var topic = topicOf(asked);
        return topic == null ? null : topic.partition(asked.key().partition());
    }

    private @Nullable HostedTopic topicOf(FetchPartition asked) {
        var key = asked.key();
        return key.isById() ? topics.find(key.topicId()) : topics.find(key.topic());
    }

    /**
     * Reads up to the high watermark or the last stable offset, a follower to the log end. What is recent completes at once.
     *
     * @param who reads
     * @param closest finds the replica that the reader had better ask
     * @param maxBytes bounds the batches, but at least one is read if there is any; or {@link #NO_BATCHES}
     */
    CompletionStage<PartitionRead> read(
            FetchPartition asked, Reader who, ClosestReplica closest, int maxBytes, short version) {
        var topic = topicOf(asked);
        if (topic == null && asked.key().isById()) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        var partition = topic == null ? null : topic.partition(asked.key().partition());
        if (topic == null || partition == null) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        var log = logFor(partition, who, version);
        if (log == null) {
            return failed(asked, partition.unavailable());
        }
        // The epoch is read before the bounds: an answer never claims an older epoch's bounds for a newer one.
        var leaderEpoch = partition.leaderEpoch();
        var logStart = partition.logStartOffset();
        var highWatermark = partition.highWatermark();
        var lastStable = Math.min(partition.lastStableOffset(), highWatermark);
        var logEnd = partition.logEndOffset();
        var error = refusal(asked, topic, who, partition, leaderEpoch, version);
        if (error != ErrorCode.NONE) {
            return failed(asked, error);
        }
        var bounds = new PartitionRead.Bounds(
                logStart, highWatermark, lastStable, who.isFollower() ? logEnd : highWatermark, leaderEpoch);
        if (asked.fetchOffset() < logStart) {
            return outOfRange(asked, who, partition, bounds);
        }
        var preferred = partition.leader() == null ? OptionalInt.empty() : closest.to(partition);
        if (preferred.isPresent()) {
            return CompletableFuture.completedFuture(
                    PartitionRead.elsewhere(asked, partition, bounds, preferred.getAsInt()));
        }
        var diverging = diverging(asked, who, partition, leaderEpoch, logEnd);
        if (diverging == null && asked.fetchOffset() > logEnd) {
            return outOfRange(asked, who, partition, bounds);
        }
        var end = who.readsCommitted() ? lastStable : bounds.seenEnd();
        if (diverging != null
                || asked.fetchOffset() >= end
                || maxBytes == NO_BATCHES
                || (isThrottled(partition, who) && throttle.unpaidNanos() > 0)) {
            return CompletableFuture.completedFuture(found(asked, partition, bounds, diverging, LogSlice.empty()));
        }
        var aborted = who.readsCommitted() ? partition.aborted() : AbortedTransactions.NONE;
        return new CommittedRead(log, aborted, end, maxBytes)
                .from(asked.fetchOffset())
                .handle((read, failure) -> failure == null
                        ? found(asked, partition, bounds, null, read.slice()).without(read.aborted())
                        : PartitionRead.failed(asked, codeOf(failure, partition, log)));
    }

    /** Where other replicas have what is damaged in this one, readers come again and will soon find it. */
    private ErrorCode codeOf(Throwable failure, Partition partition, PartitionLog log) {
        if (!StorageErrors.isDamage(failure)) {
            return StorageErrors.codeOf(failure);
        }
        damage.accept(partition, log);
        return partition.isHeldElsewhere() ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.CORRUPT_MESSAGE;
    }

    /** Whether what is read counts for the rate of those that catch up. */
    private boolean isThrottled(Partition partition, Reader who) {
        return who.isFollower() && throttle.concerns(partition.id()) && !partition.isInSync(who.brokerId());
    }

    /** So much was sent to whoever reads. */
    void sent(PartitionRead read, Reader who) {
        var partition = read.partition();
        if (partition != null && isThrottled(partition, who)) {
            throttle.used(read.sizeInBytes());
        }
    }

    /** Consumers of a version that may be sent to other replicas are answered by them as well (KIP-392). */
    private static @Nullable PartitionLog logFor(Partition partition, Reader who, short version) {
        var led = partition.log();
        return led != null || who.isFollower() || version < ANY_REPLICA_VERSION ? led : partition.followedLog();
    }

    /** A follower is told where the log begins, so that it can go on there. */
    private static CompletionStage<PartitionRead> outOfRange(
            FetchPartition asked, Reader who, Partition partition, PartitionRead.Bounds bounds) {
        if (!who.isFollower()) {
            return failed(asked, ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        return CompletableFuture.completedFuture(new PartitionRead(
                asked,
                partition,
                ErrorCode.OFFSET_OUT_OF_RANGE,
                bounds.belowStart(),
                null,
                PartitionRead.HERE,
                LogSlice.empty(),
                List.of()));
    }

    private static ErrorCode refusal(
            FetchPartition asked, HostedTopic topic, Reader who, Partition partition, int leaderEpoch, short version) {
        var fenced = LeaderEpochs.check(asked.currentLeaderEpoch(), leaderEpoch);
        if (fenced != ErrorCode.NONE) {
            return fenced;
        }
        if (who.isFollower() && !partition.isReplica(who.brokerId())) {
            // This broker may not have heard yet that the partition was assigned to the other one.
            return ErrorCode.UNKNOWN_LEADER_EPOCH;
        }
        var isZstd = topic.settings().compression().requires(Compression.ZSTD);
        return isZstd && version < ZSTD_VERSION ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE : ErrorCode.NONE;
    }

    /** Where the reader's log leaves this one, or null if it does not (KIP-595). */
    private static EpochHistory.@Nullable End diverging(
            FetchPartition asked, Reader who, Partition partition, int leaderEpoch, long logEnd) {
        if (asked.lastFetchedEpoch() < 0) {
            // A follower without a record has nothing that could tell of an epoch, and begins beyond this log.
            return who.isFollower() && asked.fetchOffset() > logEnd ? new EpochHistory.End(leaderEpoch, logEnd) : null;
        }
        return partition
                .epochs()
                .parting(asked.lastFetchedEpoch(), asked.fetchOffset(), leaderEpoch, logEnd)
                .orElse(null);
    }

    private static PartitionRead found(
            FetchPartition asked,
            Partition partition,
            PartitionRead.Bounds bounds,
            EpochHistory.@Nullable End diverging,
            LogSlice slice) {
        return new PartitionRead(
                asked, partition, ErrorCode.NONE, bounds, diverging, PartitionRead.HERE, slice, List.of());
    }

    private static CompletionStage<PartitionRead> failed(FetchPartition asked, ErrorCode error) {
        return CompletableFuture.completedFuture(PartitionRead.failed(asked, error));
    }
}
