package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerInterceptor;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Thalweg;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TypedProducerTest {

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final Thalweg client = WireClient.over(broker.network(), ClientConfig.of("broker:9092"));

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
