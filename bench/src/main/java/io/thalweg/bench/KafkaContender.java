package io.thalweg.bench;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Apache Kafka's own client. */
final class KafkaContender implements Contender {

    private static final Duration POLL = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "kafka-clients";
    }

    @Override
    public Sender sender(String bootstrap, String topic, int lingerMillis) {
        var config = Map.<String, Object>of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "linger.ms",
                Integer.toString(lingerMillis),
                "batch.size",
                Integer.toString(ClientTrials.BATCH_BYTES));
        var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        return new Sender() {
            @Override
            public void send(byte[] value, Consumer<@Nullable Throwable> acknowledged) {
                var unused = producer.send(
                        new ProducerRecord<>(topic, value), (metadata, failure) -> acknowledged.accept(failure));
            }

            @Override
            public void flush() {
                producer.flush();
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    @Override
    public void read(String bootstrap, String topic, int partitions, int count) {
        var all = IntStream.range(0, partitions)
                .mapToObj(each -> new TopicPartition(topic, each))
                .toList();
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            for (var read = 0; read < count; ) {
                read += consumer.poll(POLL).count();
            }
        }
    }
}
