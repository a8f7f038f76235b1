package io.thalweg.broker.request;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.LogCalls;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.Compression;
import io.thalweg.spi.storage.LogSlice;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads one partition for a fetch. Stateless; runs on event loops. */
final class PartitionReader {

    /** The first version of Fetch whose readers know zstd (KIP-110). */
    private static final short ZSTD_VERSION = 10;

    /** In place of a number of bytes: tells the bounds and reads nothing. */
    static final int NO_BATCHES = -1;

    private final TopicTable topics;

    PartitionReader(TopicTable topics) {
        this.topics = topics;
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
     * Reads up to the high watermark. What is recent completes at once.
     *
     * @param maxBytes bounds the batches, but at least one is read if there is any; or {@link #NO_BATCHES}
     */
    CompletionStage<PartitionRead> read(FetchPartition asked, int maxBytes, short version) {
        var topic = topicOf(asked);
        if (topic == null && asked.key().isById()) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        var partition = topic == null ? null : topic.partition(asked.key().partition());
        if (topic == null || partition == null) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        var log = partition.log();
        if (log == null) {
            return failed(asked, partition.unavailable());
        }
        // The epoch is read before the bounds: an answer never claims an older epoch's bounds for a newer one.
        var leaderEpoch = partition.leaderEpoch();
        var logStart = partition.logStartOffset();
        var highWatermark = partition.highWatermark();
        var error = refusal(asked, topic, partition, logStart, leaderEpoch, version);
        if (error != ErrorCode.NONE) {
            return failed(asked, error);
        }
        var diverging = diverging(asked, partition, leaderEpoch);
        if (diverging != null || asked.fetchOffset() >= highWatermark || maxBytes == NO_BATCHES) {
            return CompletableFuture.completedFuture(
                    found(asked, partition, logStart, leaderEpoch, highWatermark, diverging, LogSlice.empty()));
        }
        return LogCalls.read(log, asked.fetchOffset(), highWatermark, maxBytes)
                .handle((slice, failure) -> failure == null
                        ? found(asked, partition, logStart, leaderEpoch, highWatermark, null, slice)
                        : PartitionRead.failed(asked, StorageErrors.codeOf(failure)));
    }

    private static ErrorCode refusal(
            FetchPartition asked,
            HostedTopic topic,
            Partition partition,
            long logStart,
            int leaderEpoch,
            short version) {
        var fenced = LeaderEpochs.check(asked.currentLeaderEpoch(), leaderEpoch);
        if (fenced != ErrorCode.NONE) {
            return fenced;
        }
        if (asked.fetchOffset() < logStart || asked.fetchOffset() > partition.logEndOffset()) {
            return ErrorCode.OFFSET_OUT_OF_RANGE;
        }
        var isZstd = topic.settings().compression().requires(Compression.ZSTD);
        return isZstd && version < ZSTD_VERSION ? ErrorCode.UNSUPPORTED_COMPRESSION_TYPE : ErrorCode.NONE;
    }

    /** Where the reader's log leaves this one, or null if it does not (KIP-595). */
    private static EpochHistory.@Nullable End diverging(FetchPartition asked, Partition partition, int leaderEpoch) {
        if (asked.lastFetchedEpoch() < 0) {
            return null;
        }
        var end = partition.epochs().endOf(asked.lastFetchedEpoch(), leaderEpoch, partition.logEndOffset());
        var agrees = end.epoch() == asked.lastFetchedEpoch() && end.endOffset() >= asked.fetchOffset();
        return agrees || end.epoch() < 0 ? null : end;
    }

    private static PartitionRead found(
            FetchPartition asked,
            Partition partition,
            long logStart,
            int leaderEpoch,
            long highWatermark,
            EpochHistory.@Nullable End diverging,
            LogSlice slice) {
        return new PartitionRead(
                asked, partition, ErrorCode.NONE, highWatermark, logStart, leaderEpoch, diverging, slice);
    }

    private static CompletionStage<PartitionRead> failed(FetchPartition asked, ErrorCode error) {
        return CompletableFuture.completedFuture(PartitionRead.failed(asked, error));
    }
}
