package io.thalweg.broker.follower;

import io.thalweg.broker.TestCluster;
import io.thalweg.broker.request.TestClient;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DescribeProducersRequest;
import io.thalweg.protocol.message.DescribeProducersResponse;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A topic of one partition, written and read over the wire. Owned by the test's thread. */
final class ReplicatedTopic {

    private final TestCluster cluster;
    private final String name;
    private UUID id = new UUID(0, 0);
    private long nextProducerId = 1_000;

    ReplicatedTopic(TestCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    void create(int replicas, int minInsync) {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(name)
                        .numPartitions(1)
                        .replicationFactor((short) replicas)
                        .configs(List.of(CreateTopicsRequest.Config.builder()
                                .name("min.insync.replicas")
                                .value(Integer.toString(minInsync))
                                .build()))
                        .build()))
                .timeoutMillis(30_000)
                .build();
        TestCluster.awaitThat("topic is created", () -> {
            try (var client = client(cluster.running().get(0))) {
                var answer = client.call(request, 7, CreateTopicsResponse.class)
                        .topics()
                        .get(0);
                return answer.errorCode() == ErrorCode.NONE.code()
                        || answer.errorCode() == ErrorCode.TOPIC_ALREADY_EXISTS.code();
            }
        });
        awaitInSync(replicas);
    }

    private TestClient client(int broker) {
        return TestClient.connect(cluster.network(), cluster.endpoint(broker));
    }

    private MetadataResponse.Partition partition() {
        return partition(cluster.running().get(0));
    }

    /** The partition as this broker knows it. */
    private MetadataResponse.Partition partition(int broker) {
        try (var client = client(broker)) {
            var request = MetadataRequest.builder()
                    .topics(List.of(MetadataRequest.Topic.builder().name(name).build()))
                    .allowAutoTopicCreation(false)
                    .build();
            var topic =
                    client.call(request, 12, MetadataResponse.class).topics().get(0);
            id = topic.topicId();
            return topic.partitions().get(0);
        }
    }

    /** Who leads, once somebody who runs does. */
    int leader() {
        TestCluster.awaitThat(
                "the topic has a leader",
                () -> cluster.running().contains(partition().leaderId()));
        return partition().leaderId();
    }

    /** A replica that does not lead. */
    int follower() {
        var partition = partition();
        return partition.replicaNodes().stream()
                .filter(id -> id != partition.leaderId())
                .findFirst()
                .orElseThrow();
    }

    void awaitInSync(int replicas) {
        TestCluster.awaitThat(
                replicas + " replicas are in sync",
                () -> partition().isrNodes().size() == replicas && partition().leaderId() >= 0);
    }

    /** Writes one record to this broker, which may not be the leader. */
    ProduceResponse.Partition produce(int broker, int acks, String value) {
        return produce(broker, acks, batch(new RecordBatchBuilder(1 << 16), value));
    }

    private ProduceResponse.Partition produce(int broker, int acks, ByteBuffer batch) {
        var request = ProduceRequest.builder()
                .acks((short) acks)
                .timeoutMillis(5_000)
                .topicData(List.of(ProduceRequest.Topic.builder()
                        .name(name)
                        .topicId(id)
                        .partitionData(List.of(ProduceRequest.Partition.builder()
                                .index(0)
                                .records(new BufferRecords(batch))
                                .build()))
                        .build()))
                .build();
        try (var client = client(broker)) {
            return client.call(request, 12, ProduceResponse.class)
                    .responses()
                    .get(0)
                    .partitionResponses()
                    .get(0);
        }
    }

    private static ByteBuffer batch(RecordBatchBuilder builder, String value) {
        builder.append(1, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        return builder.build();
    }

    Producer idempotentProducer() {
        return new Producer(nextProducerId++);
    }

    /** Writes one record after the other, each until it is acknowledged by all. */
    final class Producer {

        private final long producerId;
        private final List<String> written = new ArrayList<>();

        Producer(long producerId) {
            this.producerId = producerId;
        }

        void write(int records) {
            writeThrough(0, records);
        }

        /** Asks this broker who leads; 0 stands for any that runs. */
        void writeThrough(int asked, int records) {
            for (var i = 0; i < records; i++) {
                var value = "record " + written.size();
                TestCluster.awaitThat(value + " is acknowledged", () -> {
                    var builder = new RecordBatchBuilder(1 << 16).producer(producerId, (short) 0, written.size());
                    var known = asked == 0 ? partition() : partition(asked);
                    return produce(known.leaderId(), -1, batch(builder, value)).errorCode() == ErrorCode.NONE.code();
                });
                written.add(value);
            }
        }

        List<String> written() {
            return written;
        }
    }

    /** Everything below the high watermark of the leader, once that has come to where its log ends. */
    List<String> read(int recordCount) {
        List<String> found = new ArrayList<>();
        TestCluster.awaitThat("there are " + recordCount + " records", () -> {
            found.clear();
            found.addAll(read());
            return found.size() >= recordCount;
        });
        return found;
    }

    private List<String> read() {
        return readAt(leader(), 0, 100);
    }

    /** What this broker shows to consumers from an offset on. */
    List<String> readAt(int broker, long offset, int maxWaitMillis) {
        var request = FetchRequest.builder()
                .maxWaitMillis(maxWaitMillis)
                .minBytes(1)
                .maxBytes(10 << 20)
                .topics(List.of(FetchRequest.Topic.builder()
                        .topicId(id)
                        .partitions(List.of(FetchRequest.Partition.builder()
                                .partition(0)
                                .fetchOffset(offset)
                                .partitionMaxBytes(10 << 20)
                                .build()))
                        .build()))
                .build();
        try (var client = client(broker)) {
            var read = client.call(request, 16, FetchResponse.class)
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0);
            return read.records() instanceof BufferRecords batches ? values(batches) : List.of();
        }
    }

    /** The last sequence numbers of the producers that this broker remembers. */
    List<Integer> lastSequencesAt(int broker) {
        var request = new DescribeProducersRequest(List.of(new DescribeProducersRequest.Topic(name, List.of(0))));
        try (var client = client(broker)) {
            return client
                    .call(request, 0, DescribeProducersResponse.class)
                    .topics()
                    .get(0)
                    .partitions()
                    .get(0)
                    .activeProducers()
                    .stream()
                    .map(DescribeProducersResponse.ProducerState::lastSequence)
                    .toList();
        }
    }

    private static List<String> values(BufferRecords batches) {
        List<String> values = new ArrayList<>();
        for (var batch : RecordBatches.in(batches.bytes())) {
            for (var records = batch.records(); records.hasNext(); ) {
                values.add(StandardCharsets.UTF_8.decode(records.next().value()).toString());
            }
        }
        return values;
    }
}
