package io.thalweg.broker.request;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Turns what was read into an answer: partitions by topic, in a session only those with news. */
final class FetchAnswer {

    /** The first version of Fetch that tells who leads instead. */
    private static final short HINTS_VERSION = 16;

    private record TopicKey(String topic, UUID topicId) {}

    private FetchAnswer() {}

    static FetchResponse of(
            FetchSession.Plan plan, List<PartitionRead> reads, Reader who, LeaderHints leaders, short version) {
        Map<TopicKey, List<FetchResponse.Partition>> byTopic = new LinkedHashMap<>();
        for (var read : reads) {
            var isNew = read.asked().tell(read);
            if (!plan.isIncremental() || isNew || read.isUrgent() || read.sizeInBytes() > 0) {
                var key = read.asked().key();
                byTopic.computeIfAbsent(new TopicKey(key.topic(), key.topicId()), topic -> new ArrayList<>())
                        .add(version < HINTS_VERSION ? partition(read, who).build() : hinted(read, who, leaders));
            }
        }
        var topics = new ArrayList<FetchResponse.Topic>(byTopic.size());
        byTopic.forEach((key, partitions) -> topics.add(FetchResponse.Topic.builder()
                .topic(key.topic())
                .topicId(key.topicId())
                .partitions(partitions)
                .build()));
        return FetchResponse.builder()
                .sessionId(plan.sessionId())
                .responses(topics)
                .nodeEndpoints(
                        leaders.nodes().stream().map(FetchAnswer::endpoint).toList())
                .build();
    }

    private static FetchResponse.Partition.Builder partition(PartitionRead read, Reader who) {
        var builder = FetchResponse.Partition.builder()
                .partitionIndex(read.asked().key().partition())
                .errorCode(read.error().code())
                .highWatermark(read.highWatermark())
                .lastStableOffset(read.bounds().lastStableOffset())
                .logStartOffset(read.logStartOffset())
                .abortedTransactions(who.readsCommitted() && read.error() == ErrorCode.NONE ? aborted(read) : null)
                .preferredReadReplica(read.preferredReplica())
                .records(new SliceRecords(read.slice()));
        var diverging = read.diverging();
        if (diverging != null) {
            builder.divergingEpoch(FetchResponse.DivergingEpoch.builder()
                    .epoch(diverging.epoch())
                    .endOffset(diverging.endOffset())
                    .build());
        }
        return builder;
    }

    private static List<FetchResponse.AbortedTransaction> aborted(PartitionRead read) {
        return read.aborted().stream()
                .map(each -> new FetchResponse.AbortedTransaction(each.producerId(), each.firstOffset()))
                .toList();
    }

    private static FetchResponse.Partition hinted(PartitionRead read, Reader who, LeaderHints leaders) {
        var builder = partition(read, who);
        if (read.error() == ErrorCode.NOT_LEADER_OR_FOLLOWER || read.error() == ErrorCode.FENCED_LEADER_EPOCH) {
            var key = read.asked().key();
            leaders.leaderOf(key.topic(), key.topicId(), key.partition())
                    .ifPresent(known -> builder.currentLeader(FetchResponse.CurrentLeader.builder()
                            .leaderId(known.leader())
                            .leaderEpoch(known.leaderEpoch())
                            .build()));
        }
        return builder.build();
    }

    private static FetchResponse.NodeEndpoint endpoint(ListenerView.Node node) {
        return FetchResponse.NodeEndpoint.builder()
                .nodeId(node.id())
                .host(node.endpoint().host())
                .port(node.endpoint().port())
                .rack(node.broker().rack())
                .build();
    }
}
