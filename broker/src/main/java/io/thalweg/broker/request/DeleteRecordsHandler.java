package io.thalweg.broker.request;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteRecordsRequest;
import io.thalweg.protocol.message.DeleteRecordsResponse;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** DeleteRecords, key 21, versions 0-2: moves the log start of partitions up to an offset, at most the high watermark. */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequest> {

    /** Stands for the high watermark. */
    private static final long ALL = -1;

    private final TopicTable topics;
    private final Shards shards;

    public DeleteRecordsHandler(TopicTable topics, Shards shards) {
        this.topics = topics;
        this.shards = shards;
    }

    @Override
    public void handle(DeleteRecordsRequest request, Exchange exchange) {
        var answers = new ArrayList<CompletionStage<DeleteRecordsResponse.Topic>>();
        for (var topic : request.topics()) {
            var partitions = new ArrayList<CompletionStage<DeleteRecordsResponse.Partition>>();
            topic.partitions().forEach(asked -> partitions.add(delete(topic.name(), asked)));
            answers.add(Stages.all(partitions)
                    .thenApply(done -> DeleteRecordsResponse.Topic.builder()
                            .name(topic.name())
                            .partitions(done)
                            .build()));
        }
        exchange.replyWhen(Stages.all(answers)
                .thenApply(done -> DeleteRecordsResponse.builder().topics(done).build()));
    }

    private CompletionStage<DeleteRecordsResponse.Partition> delete(
            String topicName, DeleteRecordsRequest.Partition asked) {
        var topic = topics.find(topicName);
        var partition = topic == null ? null : topic.partition(asked.partitionIndex());
        if (topic == null || partition == null) {
            return refused(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        var error = refusal(topic, partition, asked.offset());
        if (error != ErrorCode.NONE) {
            return refused(asked, error);
        }
        var offset = asked.offset() == ALL ? partition.highWatermark() : asked.offset();
        return shards.hostOf(partition)
                .advanceStart(partition, offset)
                .handle((start, failure) -> failure == null
                        ? answer(asked, ErrorCode.NONE, start)
                        : answer(asked, StorageErrors.codeOf(failure), -1));
    }

    private static ErrorCode refusal(HostedTopic topic, Partition partition, long offset) {
        if (InternalTopics.contains(topic.name())) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        if (partition.log() == null) {
            return partition.unavailable();
        }
        if (!topic.settings().retention().isEnabled()) {
            return ErrorCode.POLICY_VIOLATION;
        }
        return offset < ALL || offset > partition.highWatermark() ? ErrorCode.OFFSET_OUT_OF_RANGE : ErrorCode.NONE;
    }

    private static CompletionStage<DeleteRecordsResponse.Partition> refused(
            DeleteRecordsRequest.Partition asked, ErrorCode error) {
        return CompletableFuture.completedFuture(answer(asked, error, -1));
    }

    private static DeleteRecordsResponse.Partition answer(
            DeleteRecordsRequest.Partition asked, ErrorCode error, long lowWatermark) {
        return DeleteRecordsResponse.Partition.builder()
                .partitionIndex(asked.partitionIndex())
                .errorCode(error.code())
                .lowWatermark(lowWatermark)
                .build();
    }
}
