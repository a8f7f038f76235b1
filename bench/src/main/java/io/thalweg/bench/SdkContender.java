package io.thalweg.bench;

import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Thalweg's Java SDK. */
final class SdkContender implements Contender {

    private static final Duration POLL = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "thalweg";
    }

    @Override
    public Sender sender(String bootstrap, String topic, int lingerMillis) {
        var client = Thalweg.connect(bootstrap);
        var config = ProducerConfig.builder()
                .batchBytes(ClientTrials.BATCH_BYTES)
                .linger(Duration.ofMillis(lingerMillis))
                .build();
        var producer = client.producer(Serde.bytes(), Serde.bytes(), config);
        return new Sender() {
            @Override
            public void send(byte[] value, Consumer<@Nullable Throwable> acknowledged) {
                var unused = producer.send(ProducerRecord.of(topic, value))
                        .whenComplete((written, failure) -> acknowledged.accept(failure));
            }

            @Override
            public void flush() {
                Thalweg.await(producer.flush());
            }

            @Override
            public void close() {
                producer.close();
                client.close();
            }
        };
    }

    @Override
    public void read(String bootstrap, String topic, int partitions, int count) {
        try (var client = Thalweg.connect(bootstrap);
                var reader = client.reader(Serde.bytes(), Serde.bytes())) {
            Thalweg.await(reader.assign(IntStream.range(0, partitions)
                    .boxed()
                    .collect(Collectors.toMap(
                            each -> new TopicPartition(topic, each), each -> StartPosition.BEGINNING))));
            for (var read = 0; read < count; ) {
                read += reader.poll(POLL).size();
            }
        }
    }
}
