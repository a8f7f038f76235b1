package io.thalweg.broker.request;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.ActiveProducer;
import io.thalweg.broker.partition.ReplicaLog;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeProducersRequest;
import io.thalweg.protocol.message.DescribeProducersResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** DescribeProducers, key 61, version 0: the idempotent producers that partitions remember, led here or followed. */
public final class DescribeProducersHandler implements RequestHandler<DescribeProducersRequest> {

    private static final int NO_COORDINATOR = -1;

    private final TopicTable topics;
    private final Shards shards;

    public DescribeProducersHandler(TopicTable topics, Shards shards) {
        this.topics = topics;
        this.shards = shards;
    }

    @Override
    public void handle(DescribeProducersRequest request, Exchange exchange) {
        var answers = new ArrayList<CompletionStage<DescribeProducersResponse.Topic>>();
        for (var topic : request.topics()) {
            var partitions = new ArrayList<CompletionStage<DescribeProducersResponse.Partition>>();
            topic.partitionIndexes().forEach(index -> partitions.add(describe(topic.name(), index)));
            answers.add(
                    Stages.all(partitions).thenApply(done -> new DescribeProducersResponse.Topic(topic.name(), done)));
        }
        exchange.replyWhen(Stages.all(answers)
                .thenApply(
                        done -> DescribeProducersResponse.builder().topics(done).build()));
    }

    private CompletionStage<DescribeProducersResponse.Partition> describe(String topicName, int index) {
        var topic = topics.find(topicName);
        var partition = topic == null ? null : topic.partition(index);
        if (partition == null) {
            return refused(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (partition.log() == null && partition.followedLog() == null) {
            return refused(index, partition.unavailable());
        }
        return shards.hostOf(partition)
                .askLog(partition, ReplicaLog::activeProducers)
                .handle((producers, failure) -> failure == null
                        ? answer(index, ErrorCode.NONE, producers)
                        : answer(index, StorageErrors.codeOf(failure), List.of()));
    }

    private static CompletionStage<DescribeProducersResponse.Partition> refused(int index, ErrorCode error) {
        return CompletableFuture.completedFuture(answer(index, error, List.of()));
    }

    private static DescribeProducersResponse.Partition answer(
            int index, ErrorCode error, List<ActiveProducer> producers) {
        return DescribeProducersResponse.Partition.builder()
                .partitionIndex(index)
                .errorCode(error.code())
                .activeProducers(
                        producers.stream().map(DescribeProducersHandler::row).toList())
                .build();
    }

    private static DescribeProducersResponse.ProducerState row(ActiveProducer producer) {
        return DescribeProducersResponse.ProducerState.builder()
                .producerId(producer.producerId())
                .producerEpoch(producer.producerEpoch())
                .lastSequence(producer.lastSequence())
                .lastTimestamp(producer.lastTimestamp())
                .coordinatorEpoch(NO_COORDINATOR)
                .currentTxnStartOffset(producer.transactionStart())
                .build();
    }
}
