package io.thalweg.broker.request;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetForLeaderEpochRequest;
import io.thalweg.protocol.message.OffsetForLeaderEpochResponse;
import java.util.ArrayList;

/** OffsetForLeaderEpoch, key 23, versions 2-4: where a leader epoch ends, so that a reader finds out whether its log was cut. */
public final class OffsetForLeaderEpochHandler implements RequestHandler<OffsetForLeaderEpochRequest> {

    private final TopicTable topics;

    public OffsetForLeaderEpochHandler(TopicTable topics) {
        this.topics = topics;
    }

    @Override
    public void handle(OffsetForLeaderEpochRequest request, Exchange exchange) {
        var answers = new ArrayList<OffsetForLeaderEpochResponse.Topic>();
        for (var topic : request.topics()) {
            answers.add(OffsetForLeaderEpochResponse.Topic.builder()
                    .topic(topic.topic())
                    .partitions(topic.partitions().stream()
                            .map(asked -> find(topic.topic(), asked))
                            .toList())
                    .build());
        }
        exchange.reply(OffsetForLeaderEpochResponse.builder().topics(answers).build());
    }

    private OffsetForLeaderEpochResponse.Partition find(String topicName, OffsetForLeaderEpochRequest.Partition asked) {
        var topic = topics.find(topicName);
        var partition = topic == null ? null : topic.partition(asked.partition());
        if (partition == null) {
            return answer(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, EpochHistory.End.UNKNOWN);
        }
        if (partition.log() == null) {
            return answer(asked, partition.unavailable(), EpochHistory.End.UNKNOWN);
        }
        var leaderEpoch = partition.leaderEpoch();
        var fenced = LeaderEpochs.check(asked.currentLeaderEpoch(), leaderEpoch);
        if (fenced != ErrorCode.NONE) {
            return answer(asked, fenced, EpochHistory.End.UNKNOWN);
        }
        var end = partition.epochs().endOf(asked.leaderEpoch(), leaderEpoch, partition.logEndOffset());
        return answer(asked, ErrorCode.NONE, end);
    }

    private static OffsetForLeaderEpochResponse.Partition answer(
            OffsetForLeaderEpochRequest.Partition asked, ErrorCode error, EpochHistory.End end) {
        return OffsetForLeaderEpochResponse.Partition.builder()
                .partition(asked.partition())
                .errorCode(error.code())
                .leaderEpoch(end.epoch())
                .endOffset(end.endOffset())
                .build();
    }
}
