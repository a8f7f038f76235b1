package io.thalweg.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.Producer;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerInterceptor;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Thalweg;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.transport.ConnectingLoop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TypedProducerTest {

    private static final int COUNT = 2_000;

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final ConnectingLoop loop = broker.network().openLoop("client");
    private final Thalweg client =
            WireClient.on(new ClientRuntime(loop, new MachineClock(), new Random()), ClientConfig.of("broker:9092"));

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    private static final class Backdating implements ProducerInterceptor {

        @Override
        public <K, V> ProducerRecord<K, V> sending(ProducerRecord<K, V> record) {
            return record.withTimestamp(Instant.ofEpochMilli(5));
        }
    }

    /**
     * If each asked by itself, those whose answer is still to come would be overtaken by the first that is sent once the topic is known.
     */
    @Test
    void recordsSentOnTheClientsThreadBeforeTheTopicIsKnownKeepTheirOrder() throws Exception {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));

        try (var producer = client.producer(Serde.string(), Serde.string())) {
            var sent = new CompletableFuture<Void>();
            sendOneByOne(producer, 0, sent);
            sent.get(20, TimeUnit.SECONDS);
            Thalweg.await(producer.flush());
        }

        assertThat(valuesSeen())
                .containsExactlyElementsOf(
                        IntStream.range(0, COUNT).mapToObj(Integer::toString).toList());
    }

    /** Each in a task of its own, so that answers come in between. */
    private void sendOneByOne(Producer<String, String> producer, int number, CompletableFuture<Void> sent) {
        loop.execute(() -> {
            if (number == COUNT) {
                sent.complete(null);
                return;
            }
            producer.send(ProducerRecord.of(ScriptedBroker.TOPIC, Integer.toString(number)));
            sendOneByOne(producer, number + 1, sent);
        });
    }

    private List<String> valuesSeen() {
        var values = new ArrayList<String>();
        for (var seen : broker.seen(ApiKey.PRODUCE)) {
            var partition = ((ProduceRequest) seen.message())
                    .topicData()
                    .get(0)
                    .partitionData()
                    .get(0);
            for (var batch : RecordBatches.in(((BufferRecords) requireNonNull(partition.records())).bytes())) {
                try (var records = batch.records()) {
                    records.forEachRemaining(record -> values.add(StandardCharsets.UTF_8
                            .decode(requireNonNull(record.value()))
                            .toString()));
                }
            }
        }
        return values;
    }

    @Test
    void timestampOfAnInterceptorIsThatOfTheRecord() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));
        var config = ProducerConfig.builder().interceptors(new Backdating()).build();

        try (var producer = client.producer(Serde.string(), Serde.string(), config)) {
            var written = producer.sendAndWait(ProducerRecord.of(ScriptedBroker.TOPIC, "value"));

            assertThat(written.timestampMillis()).isEqualTo(5);
        }
    }
}
