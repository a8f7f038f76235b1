package io.thalweg.integration.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Apache Kafka is killed, and a Thalweg goes on with its log directory. */
@Tag("slow")
final class TakeoverTest {

    private static final int PARTITIONS = 3;
    private static final int RECORDS = 3000;
    private static final int TRANSACTIONS = 20;
    private static final String GROUP = "readers";

    @TempDir
    private Path directory;

    private static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition("orders", number);
    }

    /** The record with number n of a producer goes to partition n modulo their count. */
    private static void produce(String bootstrap, int from, int to) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "compression.type", "lz4", "linger.ms", 5),
                new StringSerializer(),
                new StringSerializer())) {
            var sent = new ArrayList<Future<RecordMetadata>>();
            for (var i = from; i < to; i++) {
                sent.add(producer.send(new ProducerRecord<>("orders", i % PARTITIONS, "" + i, "value " + i)));
            }
            for (var each : sent) {
                each.get();
            }
        }
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        GROUP,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<String> keysOf(String bootstrap, int number) {
        var keys = new ArrayList<String>();
        try (var consumer = consumer(bootstrap)) {
            consumer.assign(List.of(partition(number)));
            consumer.seekToBeginning(List.of(partition(number)));
            long end = consumer.endOffsets(List.of(partition(number))).get(partition(number));
            while (consumer.position(partition(number)) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> keys.add(record.key()));
            }
        }
        return keys;
    }

    private static List<String> keysUpTo(int count, int number) {
        var keys = new ArrayList<String>();
        for (var i = number; i < count; i += PARTITIONS) {
            keys.add("" + i);
        }
        return keys;
    }

    private Uuid writeToKafka() throws Exception {
        try (var kafka = KafkaProcess.start(directory);
                var admin = admin(kafka.bootstrap())) {
            var topic = new NewTopic("orders", PARTITIONS, (short) 1)
                    .configs(Map.of("retention.ms", "86400000", "segment.bytes", "1048576"));
            var created = admin.createTopics(List.of(topic));
            // Kafka would make one with other settings for a producer that comes first.
            created.all().get();
            produce(kafka.bootstrap(), 0, RECORDS);
            try (var consumer = consumer(kafka.bootstrap())) {
                consumer.assign(List.of(partition(1)));
                consumer.commitSync(Map.of(partition(1), new OffsetAndMetadata(77, "noted")));
            }
            return created.topicId("orders").get();
        }
    }

    @Test
    void everythingIsThereAndGoesOn() throws Exception {
        var topicId = writeToKafka();

        for (var start = 1; start <= 2; start++) {
            try (var broker = Broker.builder()
                            .storage(FileStorage.at(directory.resolve("data")))
                            .listen("127.0.0.1:0")
                            .start();
                    var admin = admin(broker.bootstrap())) {
                var described = admin.describeTopics(List.of("orders"))
                        .allTopicNames()
                        .get()
                        .get("orders");
                assertThat(described.topicId()).isEqualTo(topicId);
                var offsets = admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get();
                assertThat(offsets.get(partition(1)).offset()).isEqualTo(77);
                produce(broker.bootstrap(), start * RECORDS, (start + 1) * RECORDS);
                for (var number = 0; number < PARTITIONS; number++) {
                    assertThat(keysOf(broker.bootstrap(), number)).isEqualTo(keysUpTo((start + 1) * RECORDS, number));
                }
            }
        }
    }

    private static KafkaProducer<String, String> transactional(String bootstrap, String id) {
        var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", id),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    /** Every third is aborted, and the last is left open. */
    private static void writeTransactions(String bootstrap) throws Exception {
        try (var other = transactional(bootstrap, "other")) {
            for (var round = 0; round < TRANSACTIONS; round++) {
                other.beginTransaction();
                for (var i = 0; i < PARTITIONS; i++) {
                    other.send(new ProducerRecord<>("orders", i, "round " + round, "value"))
                            .get();
                }
                if (round % 3 == 0) {
                    other.abortTransaction();
                } else {
                    other.commitTransaction();
                }
            }
        }
        var open = transactional(bootstrap, "open");
        open.beginTransaction();
        open.send(new ProducerRecord<>("orders", 1, "open", "value")).get();
        produce(bootstrap, 0, PARTITIONS);
        open.close(Duration.ZERO);
    }

    /** What a reader is shown of each partition up to its end, and that end. */
    private static List<String> shown(String bootstrap, String isolation) {
        var shown = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", isolation),
                new StringDeserializer(),
                new StringDeserializer())) {
            for (var number = 0; number < PARTITIONS; number++) {
                var partition = partition(number);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(record ->
                                    shown.add(record.partition() + " " + record.offset() + " " + record.key()));
                }
                shown.add("end of " + number + ": " + end);
            }
        }
        return shown;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readersAreShownOfTransactionsWhatKafkaHasShown(boolean isStopped) throws Exception {
        var kafka = KafkaProcess.start(
                directory, "transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1");
        List<String> committed;
        List<String> all;
        try (kafka;
                var admin = admin(kafka.bootstrap())) {
            admin.createTopics(List.of(new NewTopic("orders", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            writeTransactions(kafka.bootstrap());
            committed = shown(kafka.bootstrap(), "read_committed");
            all = shown(kafka.bootstrap(), "read_uncommitted");
            assertThat(all).hasSizeGreaterThan(committed.size());
            if (isStopped) {
                kafka.stop();
            }
        }

        for (var start = 1; start <= 2; start++) {
            try (var broker = Broker.builder()
                    .storage(FileStorage.at(directory.resolve("data")))
                    .listen("127.0.0.1:0")
                    .start()) {
                assertThat(shown(broker.bootstrap(), "read_committed")).isEqualTo(committed);
                assertThat(shown(broker.bootstrap(), "read_uncommitted")).isEqualTo(all);
            }
        }
    }
}
