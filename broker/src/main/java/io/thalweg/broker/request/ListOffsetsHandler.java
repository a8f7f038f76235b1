package io.thalweg.broker.request;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.broker.request.OffsetLookup.Found;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.spi.storage.PartitionLog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * ListOffsets, key 2, versions 1-11: the offset of a time, or one that has a name.
 *
 * <p>Consumers see what lies below the high watermark, or below the last stable offset if they read only what is committed; replicas and
 * tools that debug see the whole log.
 */
public final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequest> {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    /** The first version whose answer has leader epochs. */
    private static final short LEADER_EPOCH_VERSION = 4;
    /** The first version that knows of an offset that is not available. */
    private static final short NOT_AVAILABLE_VERSION = 5;

    private static final int CONSUMER = -1;
    private static final byte READ_COMMITTED = 1;

    private final TopicTable topics;

    public ListOffsetsHandler(TopicTable topics) {
        this.topics = topics;
    }

    /** A partition of a request; what is asked for twice is refused. */
    private record Asked(String topic, int partition) {}

    private record Outcome(ErrorCode error, Found found) {}

    @Override
    public void handle(ListOffsetsRequest request, Exchange exchange) {
        var duplicates = duplicates(request);
        var version = exchange.version();
        var answers = new ArrayList<CompletionStage<ListOffsetsResponse.Topic>>();
        for (var topic : request.topics()) {
            var partitions = new ArrayList<CompletionStage<ListOffsetsResponse.Partition>>();
            for (var asked : topic.partitions()) {
                var outcome = duplicates.contains(new Asked(topic.name(), asked.partitionIndex()))
                        ? refused(ErrorCode.INVALID_REQUEST)
                        : find(topic.name(), asked, request, version);
                partitions.add(outcome.thenApply(known -> answer(asked.partitionIndex(), known, version)));
            }
            answers.add(Stages.all(partitions)
                    .thenApply(found -> ListOffsetsResponse.Topic.builder()
                            .name(topic.name())
                            .partitions(found)
                            .build()));
        }
        exchange.replyWhen(Stages.all(answers)
                .thenApply(found -> ListOffsetsResponse.builder().topics(found).build()));
    }

    private static Set<Asked> duplicates(ListOffsetsRequest request) {
        var seen = new LinkedHashSet<Asked>();
        var duplicates = new LinkedHashSet<Asked>();
        for (var topic : request.topics()) {
            for (var partition : topic.partitions()) {
                var asked = new Asked(topic.name(), partition.partitionIndex());
                if (!seen.add(asked)) {
                    duplicates.add(asked);
                }
            }
        }
        return duplicates;
    }

    private CompletionStage<Outcome> find(
            String topicName, ListOffsetsRequest.Partition asked, ListOffsetsRequest request, short version) {
        if (version < firstVersionOf(asked.timestamp())) {
            return refused(ErrorCode.UNSUPPORTED_VERSION);
        }
        var topic = topics.find(topicName);
        var partition = topic == null ? null : topic.partition(asked.partitionIndex());
        if (partition == null) {
            return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        var log = partition.log();
        if (log == null) {
            return refused(partition.unavailable());
        }
        var fenced = LeaderEpochs.check(asked.currentLeaderEpoch(), partition.leaderEpoch());
        if (fenced != ErrorCode.NONE) {
            return refused(fenced);
        }
        if (request.replicaId() == CONSUMER && !isStart(asked.timestamp()) && isBehindItsEpoch(partition)) {
            return refused(
                    version < NOT_AVAILABLE_VERSION ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.OFFSET_NOT_AVAILABLE);
        }
        return find(partition, log, asked.timestamp(), endFor(request, partition))
                .handle((found, failure) -> failure == null
                        ? new Outcome(ErrorCode.NONE, found)
                        : new Outcome(StorageErrors.codeOf(failure), Found.NOTHING));
    }

    private static boolean isStart(long timestamp) {
        return timestamp == EARLIEST || timestamp == EARLIEST_LOCAL;
    }

    /**
     * Whether the leader was elected so recently that it does not know yet how far the leader before it had come: its end would lie below
     * one that consumers were told already (KIP-207).
     */
    private static boolean isBehindItsEpoch(Partition partition) {
        return partition.highWatermark() < partition.epochs().latestStart();
    }

    /** The first version in which the offset of this name may be asked for; times always may. */
    private static int firstVersionOf(long timestamp) {
        if (timestamp >= 0 || timestamp == LATEST || timestamp == EARLIEST) {
            return 0;
        }
        if (timestamp == MAX_TIMESTAMP) {
            return 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return 8;
        }
        if (timestamp == LATEST_TIERED) {
            return 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD ? 11 : Integer.MAX_VALUE;
    }

    /** The offset below which the reader sees records. */
    private static long endFor(ListOffsetsRequest request, Partition partition) {
        if (request.replicaId() != CONSUMER) {
            return partition.logEndOffset();
        }
        return request.isolationLevel() == READ_COMMITTED ? partition.lastStableOffset() : partition.highWatermark();
    }

    private static CompletionStage<Found> find(Partition partition, PartitionLog log, long timestamp, long end) {
        if (timestamp == LATEST) {
            return found(new Found(-1, end, partition.leaderEpoch()));
        }
        if (timestamp == EARLIEST) {
            return found(named(partition, partition.logStartOffset()));
        }
        if (timestamp == EARLIEST_LOCAL) {
            return found(named(partition, log.offsets().localStart()));
        }
        if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            // Nothing is tiered.
            return found(Found.NOTHING);
        }
        var wanted = timestamp == MAX_TIMESTAMP ? log.offsets().maxTimestamp() : timestamp;
        return wanted < 0 ? found(Found.NOTHING) : new OffsetLookup(log, partition.epochs(), wanted, end).find();
    }

    private static Found named(Partition partition, long offset) {
        return new Found(-1, offset, partition.epochs().epochAt(offset));
    }

    private static CompletionStage<Found> found(Found found) {
        return CompletableFuture.completedFuture(found);
    }

    private static CompletionStage<Outcome> refused(ErrorCode error) {
        return CompletableFuture.completedFuture(new Outcome(error, Found.NOTHING));
    }

    private static ListOffsetsResponse.Partition answer(int partition, Outcome outcome, short version) {
        var found = outcome.found();
        return ListOffsetsResponse.Partition.builder()
                .partitionIndex(partition)
                .errorCode(outcome.error().code())
                .timestamp(found.timestamp())
                .offset(found.offset())
                .leaderEpoch(version < LEADER_EPOCH_VERSION ? -1 : found.leaderEpoch())
                .build();
    }
}
