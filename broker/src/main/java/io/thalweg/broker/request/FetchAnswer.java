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

    private record TopicKey(String topic, UUID topicId) {}

    private FetchAnswer() {}

    static FetchResponse of(FetchSession.Plan plan, List<PartitionRead> reads, ErrorCode error) {
        Map<TopicKey, List<FetchResponse.Partition>> byTopic = new LinkedHashMap<>();
        for (var read : reads) {
            var isNew = read.asked().tell(read);
            if (!plan.isIncremental() || isNew || read.isUrgent() || read.sizeInBytes() > 0) {
                var key = read.asked().key();
                byTopic.computeIfAbsent(new TopicKey(key.topic(), key.topicId()), topic -> new ArrayList<>())
                        .add(partition(read));
            }
        }
        var topics = new ArrayList<FetchResponse.Topic>(byTopic.size());
        byTopic.forEach((key, partitions) -> topics.add(FetchResponse.Topic.builder()
                .topic(key.topic())
                .topicId(key.topicId())
                .partitions(partitions)
                .build()));
        return FetchResponse.builder()
                .errorCode(error.code())
                .sessionId(plan.sessionId())
                .responses(topics)
                .build();
    }

    private static FetchResponse.Partition partition(PartitionRead read) {
        var builder = FetchResponse.Partition.builder()
                .partitionIndex(read.asked().key().partition())
                .errorCode(read.error().code())
                .highWatermark(read.highWatermark())
                .lastStableOffset(read.highWatermark())
                .logStartOffset(read.logStartOffset())
                .abortedTransactions(null)
                .records(new SliceRecords(read.slice()));
        var diverging = read.diverging();
        if (diverging != null) {
            builder.divergingEpoch(FetchResponse.DivergingEpoch.builder()
                    .epoch(diverging.epoch())
                    .endOffset(diverging.endOffset())
                    .build());
        }
        return builder.build();
    }
}
