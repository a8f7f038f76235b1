package io.thalweg.broker.request;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.protocol.record.RecordView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests, batches and what is looked at in answers. */
final class Requests {

    /** All that is acknowledged by all in-sync replicas. */
    static final short ALL = -1;

    private Requests() {}

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** A batch with one record for each value, a millisecond apart. */
    static ByteBuffer batch(String... values) {
        return batchAt(TestClock.START_MILLIS, values);
    }

    static ByteBuffer batchAt(long timestamp, String... values) {
        return fill(new RecordBatchBuilder(1 << 20), timestamp, values);
    }

    static ByteBuffer fill(RecordBatchBuilder builder, long timestamp, String... values) {
        for (var i = 0; i < values.length; i++) {
            builder.append(timestamp + i, bytes("key " + i), bytes(values[i]));
        }
        return builder.build();
    }

    static ByteBuffer sequenced(long producerId, int producerEpoch, int baseSequence, String... values) {
        return fill(
                new RecordBatchBuilder(1 << 20).producer(producerId, (short) producerEpoch, baseSequence),
                TestClock.START_MILLIS,
                values);
    }

    static ProduceRequest produce(HostedTopic topic, int partition, short acks, ByteBuffer records) {
        return produce(acks, topicData(topic, partition, records));
    }

    static ProduceRequest produce(short acks, ProduceRequest.Topic... topics) {
        return ProduceRequest.builder()
                .acks(acks)
                .timeoutMillis(30_000)
                .topicData(List.of(topics))
                .build();
    }

    static ProduceRequest.Topic topicData(HostedTopic topic, int partition, ByteBuffer records) {
        return ProduceRequest.Topic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .partitionData(List.of(ProduceRequest.Partition.builder()
                        .index(partition)
                        .records(new BufferRecords(records))
                        .build()))
                .build();
    }

    static ProduceResponse.Partition only(ProduceResponse response) {
        return response.responses().get(0).partitionResponses().get(0);
    }

    static FetchRequest.Builder fetch(FetchRequest.Topic... topics) {
        return FetchRequest.builder()
                .maxWaitMillis(0)
                .minBytes(1)
                .maxBytes(1 << 20)
                .topics(List.of(topics));
    }

    static FetchRequest.Topic fetchTopic(HostedTopic topic, FetchRequest.Partition... partitions) {
        return FetchRequest.Topic.builder()
                .topic(topic.name())
                .topicId(topic.id())
                .partitions(List.of(partitions))
                .build();
    }

    static FetchRequest.Partition fetchPartition(int partition, long offset) {
        return fetchPartition(partition, offset, 1 << 20);
    }

    static FetchRequest.Partition fetchPartition(int partition, long offset, int maxBytes) {
        return FetchRequest.Partition.builder()
                .partition(partition)
                .fetchOffset(offset)
                .partitionMaxBytes(maxBytes)
                .build();
    }

    static FetchResponse.Partition only(FetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }

    static List<RecordBatch> batches(FetchResponse.Partition partition) {
        var batches = new ArrayList<RecordBatch>();
        if (partition.records() instanceof BufferRecords records) {
            RecordBatches.in(records.bytes()).forEach(batches::add);
        }
        return batches;
    }

    static List<RecordView> records(FetchResponse.Partition partition) {
        var records = new ArrayList<RecordView>();
        for (var batch : batches(partition)) {
            batch.records().forEachRemaining(records::add);
        }
        return records;
    }

    static List<String> values(FetchResponse.Partition partition) {
        return records(partition).stream()
                .map(record -> record.value() == null ? "null" : text(record.value()))
                .toList();
    }

    static ListOffsetsRequest.Builder listOffsets(HostedTopic topic, long... timestamps) {
        var partitions = new ArrayList<ListOffsetsRequest.Partition>();
        for (var timestamp : timestamps) {
            partitions.add(ListOffsetsRequest.Partition.builder()
                    .partitionIndex(partitions.size())
                    .timestamp(timestamp)
                    .build());
        }
        return ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsRequest.Topic.builder()
                        .name(topic.name())
                        .partitions(partitions)
                        .build()));
    }
}
