package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Has a {@link ScriptedBroker} coordinate a group with one member, which is assigned the one partition of a log in batches of five. */
final class ScriptedGroup {

    static final TopicPartition PARTITION = new TopicPartition(ScriptedBroker.TOPIC, 0);
    static final int RECORDS_PER_BATCH = 5;
    private static final long BEGINNING = -2;
    private static final long ABORTED_PRODUCER = 9;

    /** Every offset that was committed. */
    final List<Long> commits = new CopyOnWriteArrayList<>();

    /** How the next commits are answered; those after them with no error. */
    final ConcurrentLinkedQueue<ErrorCode> commitAnswers = new ConcurrentLinkedQueue<>();

    /** How fetches are answered that are not out of range. */
    volatile ErrorCode fetchAnswer = ErrorCode.NONE;

    volatile ErrorCode heartbeatAnswer = ErrorCode.NONE;
    volatile long committed = -1;
    volatile long logStart;
    volatile long logEnd;

    /** Whoever reads what is committed is not shown what lies from here on. */
    volatile long abortedFrom = Long.MAX_VALUE;

    ScriptedGroup(ScriptedBroker broker) {
        broker.on(
                ApiKey.FIND_COORDINATOR,
                (version, request) -> FindCoordinatorResponse.builder()
                        .nodeId(1)
                        .host("broker")
                        .port(9092)
                        .build());
        broker.on(ApiKey.CONSUMER_GROUP_HEARTBEAT, (version, request) -> beat((ConsumerGroupHeartbeatRequest) request));
        broker.on(ApiKey.OFFSET_FETCH, (version, request) -> committed((OffsetFetchRequest) request));
        broker.on(ApiKey.OFFSET_COMMIT, (version, request) -> commit((OffsetCommitRequest) request));
        broker.on(ApiKey.LIST_OFFSETS, (version, request) -> offsets((ListOffsetsRequest) request));
        broker.on(ApiKey.FETCH, (version, request) -> fetch((FetchRequest) request));
    }

    private ConsumerGroupHeartbeatResponse beat(ConsumerGroupHeartbeatRequest request) {
        return ConsumerGroupHeartbeatResponse.builder()
                .errorCode(heartbeatAnswer.code())
                .memberId(request.memberId())
                .memberEpoch(1)
                .heartbeatIntervalMillis(50)
                .assignment(new ConsumerGroupHeartbeatResponse.Assignment(List.of(
                        new ConsumerGroupHeartbeatResponse.TopicPartitions(ScriptedBroker.TOPIC_ID, List.of(0)))))
                .build();
    }

    private OffsetFetchResponse committed(OffsetFetchRequest request) {
        var row = OffsetFetchResponse.GroupPartition.builder()
                .partitionIndex(0)
                .committedOffset(committed)
                .metadata("")
                .build();
        var topic = OffsetFetchResponse.GroupTopic.builder()
                .name(ScriptedBroker.TOPIC)
                .topicId(ScriptedBroker.TOPIC_ID)
                .partitions(List.of(row))
                .build();
        return OffsetFetchResponse.builder()
                .groups(List.of(OffsetFetchResponse.Group.builder()
                        .groupId(request.groups().get(0).groupId())
                        .topics(List.of(topic))
                        .build()))
                .build();
    }

    private OffsetCommitResponse commit(OffsetCommitRequest request) {
        var code = commitAnswers.isEmpty() ? ErrorCode.NONE : commitAnswers.remove();
        var topic = request.topics().get(0);
        if (code == ErrorCode.NONE) {
            commits.add(topic.partitions().get(0).committedOffset());
        }
        return OffsetCommitResponse.builder()
                .topics(List.of(OffsetCommitResponse.Topic.builder()
                        .name(topic.name())
                        .topicId(topic.topicId())
                        .partitions(List.of(OffsetCommitResponse.Partition.builder()
                                .partitionIndex(0)
                                .errorCode(code.code())
                                .build()))
                        .build()))
                .build();
    }

    private ListOffsetsResponse offsets(ListOffsetsRequest request) {
        var isBeginning = request.topics().get(0).partitions().get(0).timestamp() == BEGINNING;
        var partition = ListOffsetsResponse.Partition.builder()
                .partitionIndex(0)
                .offset(isBeginning ? logStart : logEnd)
                .build();
        return ListOffsetsResponse.builder()
                .topics(List.of(new ListOffsetsResponse.Topic(ScriptedBroker.TOPIC, List.of(partition))))
                .build();
    }

    /** Keeps no session, so that every request names the partition. */
    private FetchResponse fetch(FetchRequest request) {
        var offset = request.topics().get(0).partitions().get(0).fetchOffset();
        var code = offset < logStart ? ErrorCode.OFFSET_OUT_OF_RANGE : fetchAnswer;
        var isEmpty = code != ErrorCode.NONE || offset >= logEnd;
        var partition = FetchResponse.Partition.builder()
                .partitionIndex(0)
                .errorCode(code.code())
                .highWatermark(logEnd)
                .logStartOffset(logStart)
                .abortedTransactions(List.of(new FetchResponse.AbortedTransaction(ABORTED_PRODUCER, abortedFrom)))
                .records(new BufferRecords(isEmpty ? ByteBuffer.allocate(0) : batch(offset)))
                .build();
        return FetchResponse.builder()
                .responses(List.of(FetchResponse.Topic.builder()
                        .topicId(ScriptedBroker.TOPIC_ID)
                        .partitions(List.of(partition))
                        .build()))
                .build();
    }

    private ByteBuffer batch(long offset) {
        var first = offset / RECORDS_PER_BATCH * RECORDS_PER_BATCH;
        var builder = new RecordBatchBuilder(10_000).baseOffset(first);
        if (first >= abortedFrom) {
            builder.producer(ABORTED_PRODUCER, (short) 0, 0).transactional();
        }
        for (int i = 0; i < RECORDS_PER_BATCH; i++) {
            var value = ("value-" + (first + i)).getBytes(StandardCharsets.UTF_8);
            builder.append(1_000 + first + i, null, ByteBuffer.wrap(value));
        }
        return builder.build();
    }
}
