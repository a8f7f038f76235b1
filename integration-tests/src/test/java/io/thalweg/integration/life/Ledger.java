package io.thalweg.integration.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.integration.wire.RawClient;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A topic of one partition and a connection to use it; small, so that a hundred brokers are soon tried. Confined to one thread. */
final class Ledger implements AutoCloseable {

    private static final int FETCH_VERSION = 12;
    private static final String TOPIC = "ledger";
    private static final int PRODUCE_VERSION = 11;
    private static final int CREATE_VERSION = 5;

    private final RawClient client;

    private Ledger(RawClient client) {
        this.client = client;
    }

    /** Connects, and creates the topic unless it is there. */
    static Ledger on(Broker broker) throws IOException {
        var ledger = new Ledger(RawClient.connect(broker.bootstrap()));
        var topic = CreateTopicsRequest.Topic.builder()
                .name(TOPIC)
                .numPartitions(1)
                .replicationFactor((short) 1)
                .build();
        var answer = (CreateTopicsResponse) ledger.client.ask(
                CreateTopicsRequest.builder()
                        .topics(List.of(topic))
                        .timeoutMillis(60_000)
                        .build(),
                CREATE_VERSION);
        assertThat(answer.topics().get(0).errorCode())
                .isIn(ErrorCode.NONE.code(), ErrorCode.TOPIC_ALREADY_EXISTS.code());
        return ledger;
    }

    /** Appends a record and gives its offset. */
    long append(String value) throws IOException {
        var batch = new RecordBatchBuilder(1 << 10);
        batch.append(System.currentTimeMillis(), null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        var partition = ProduceRequest.Partition.builder()
                .index(0)
                .records(new BufferRecords(batch.build()))
                .build();
        var topic = ProduceRequest.Topic.builder()
                .name(TOPIC)
                .partitionData(List.of(partition))
                .build();
        var answer = (ProduceResponse) client.ask(
                ProduceRequest.builder()
                        .acks((short) -1)
                        .timeoutMillis(60_000)
                        .topicData(List.of(topic))
                        .build(),
                PRODUCE_VERSION);
        var appended = answer.responses().get(0).partitionResponses().get(0);
        assertThat(appended.errorCode()).isEqualTo(ErrorCode.NONE.code());
        return appended.baseOffset();
    }

    /** The values of the records from an offset on. */
    List<String> read(long offset) throws IOException {
        var answer = (FetchResponse) client.ask(fetch(offset, 0), FETCH_VERSION);
        var found = answer.responses().get(0).partitions().get(0);
        assertThat(found.errorCode()).isEqualTo(ErrorCode.NONE.code());
        var values = new ArrayList<String>();
        if (found.records() instanceof BufferRecords records) {
            for (var batch : RecordBatches.in(records.bytes())) {
                batch.records()
                        .forEachRemaining(record -> values.add(StandardCharsets.UTF_8
                                .decode(record.value().duplicate())
                                .toString()));
            }
        }
        return values;
    }

    /** Asks for what comes after the end, in a month at the latest; the answer is not waited for. */
    RawClient beginToWait(long offset) throws IOException {
        return client.send(fetch(offset, Integer.MAX_VALUE), FETCH_VERSION, 1);
    }

    /** Asks for what there is from an offset on, at once; the answer is not waited for. */
    void beginToRead(long offset) throws IOException {
        client.send(fetch(offset, 0), FETCH_VERSION, 1);
    }

    private static FetchRequest fetch(long offset, int maxWaitMillis) {
        var partition = FetchRequest.Partition.builder()
                .partition(0)
                .fetchOffset(offset)
                .partitionMaxBytes(1 << 20)
                .build();
        var topic = FetchRequest.Topic.builder()
                .topic(TOPIC)
                .partitions(List.of(partition))
                .build();
        return FetchRequest.builder()
                .maxWaitMillis(maxWaitMillis)
                .minBytes(1)
                .maxBytes(1 << 20)
                .topics(List.of(topic))
                .build();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
