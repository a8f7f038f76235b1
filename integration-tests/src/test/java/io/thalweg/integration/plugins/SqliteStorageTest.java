package io.thalweg.integration.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code samples/sqlite-storage}, a Maven project of its own that knows Thalweg's SPI only, under a whole broker. */
final class SqliteStorageTest {

    private static final String TOPIC = "orders";
    private static final int RECORDS = 200;

    @TempDir
    private Path directory;

    /** One setting chooses the plug-in, another says where its file is. */
    private Broker start() {
        return Broker.builder()
                .config("storage", "sqlite")
                .config("log.retention.check.interval.ms", "50")
                .config("storage.sqlite.path", directory.resolve("thalweg.db").toString())
                .listen("127.0.0.1:0")
                .start();
    }

    @Test
    void kafkaClientsProduceAndConsumeThroughItAndItSurvivesARestart() throws Exception {
        List<String> sent =
                IntStream.range(0, RECORDS).mapToObj(i -> "order " + i).toList();
        try (var broker = start()) {
            create(broker.bootstrap());
            send(broker.bootstrap(), sent.subList(0, RECORDS / 2));
            assertThat(consume(broker.bootstrap(), RECORDS / 2)).isEqualTo(sent.subList(0, RECORDS / 2));
        }
        try (var broker = start()) {
            send(broker.bootstrap(), sent.subList(RECORDS / 2, RECORDS));

            // The group goes on where it has committed.
            assertThat(consume(broker.bootstrap(), RECORDS / 2)).isEqualTo(sent.subList(RECORDS / 2, RECORDS));
        }
    }

    /** It has no segments: old batches go one by one, and nobody counts bytes. */
    @Test
    void oldBatchesGoAndALimitOfBytesIsRefused() throws Exception {
        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            var kept = new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("retention.ms", "3600000"));
            var limited = new NewTopic("limited", 1, (short) 1).configs(Map.of("retention.bytes", "1000"));
            admin.createTopics(List.of(kept)).all().get();

            assertThatThrownBy(() -> admin.createTopics(List.of(limited)).all().get())
                    .hasCauseInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("retention.bytes");
            sendAt(broker.bootstrap(), List.of(1L, 2L, System.currentTimeMillis()));

            var partition = new TopicPartition(TOPIC, 0);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset())
                            .isEqualTo(2));
        }
    }

    private static void sendAt(String bootstrap, List<Long> timestamps)
            throws ExecutionException, InterruptedException {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (var timestamp : timestamps) {
                producer.send(new ProducerRecord<>(TOPIC, 0, timestamp, "key", "value"))
                        .get();
            }
        }
    }

    private static void create(String bootstrap) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void send(String bootstrap, List<String> values) throws ExecutionException, InterruptedException {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (var value : values) {
                producer.send(new ProducerRecord<>(TOPIC, "key", value)).get();
            }
        }
    }

    private static List<String> consume(String bootstrap, int count) {
        var config = Map.<String, Object>of(
                "bootstrap.servers", bootstrap, "group.id", "readers", "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            var values = new ArrayList<String>();
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(each -> values.add(each.value()));
            }
            consumer.commitSync();
            return values;
        }
    }
}
