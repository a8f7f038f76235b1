package io.thalweg.integration.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a log in which a byte has changed, or a file has gone, while the broker was stopped. */
final class DamagedLogTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int RECORDS = 20;
    private static final int DAMAGED = 7;

    @TempDir
    private Path directory;

    private Broker start() {
        return Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start();
    }

    @Test
    void everythingButTheDamagedBatchIsReadAndTheApplicationIsToldOfThat() throws Exception {
        int batchBytes;
        try (var broker = start()) {
            produce(broker.bootstrap());
            batchBytes = (int) (log().length() / RECORDS);
        }
        flip((long) DAMAGED * batchBytes + batchBytes - 1);

        try (var broker = start();
                var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, 0);

            assertThat(take(consumer, DAMAGED)).isEqualTo(offsets(0, DAMAGED));
            assertThatThrownBy(() -> take(consumer, 1))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("corrupt")
                    .hasMessageContaining("offset " + DAMAGED);
            consumer.seek(PARTITION, DAMAGED + 1);
            assertThat(take(consumer, RECORDS - DAMAGED - 1)).isEqualTo(offsets(DAMAGED + 1, RECORDS));
        }
    }

    @Test
    void logThatLacksASegmentIsOfflineAndOthersAreNot() throws Exception {
        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            var small = new NewTopic("large", 1, (short) 1).configs(Map.of("segment.bytes", "1048576"));
            admin.createTopics(List.of(small)).all().get();
            produce(broker.bootstrap(), "large", 25, 100_000);
            produce(broker.bootstrap());
        }
        try (var files = Files.list(directory.resolve("large-0"))) {
            var logs = files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
            assertThat(logs).hasSize(3);
            Files.delete(logs.get(1));
        }

        try (var broker = start()) {
            assertThatThrownBy(() -> produce(broker.bootstrap(), "large", 1, 10))
                    .hasCauseInstanceOf(KafkaStorageException.class);
            produce(broker.bootstrap(), PARTITION.topic(), 1, 10);
        }
    }

    private File log() {
        return directory.resolve("orders-0/00000000000000000000.log").toFile();
    }

    private void flip(long position) throws IOException {
        try (var file = new RandomAccessFile(log(), "rw")) {
            file.seek(position);
            var value = file.read();
            file.seek(position);
            file.write(value ^ 1);
        }
    }

    private static void produce(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
        produce(bootstrap, PARTITION.topic(), RECORDS, 100);
    }

    /** Each record is a batch, and all are of one size. */
    private static void produce(String bootstrap, String topic, int count, int bytes) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all", "retries", 2);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, new byte[bytes])).get();
            }
        }
    }

    private static List<Long> take(KafkaConsumer<byte[], byte[]> consumer, int count) {
        var offsets = new ArrayList<Long>();
        while (offsets.size() < count) {
            consumer.poll(Duration.ofSeconds(1)).forEach(each -> offsets.add(each.offset()));
        }
        return offsets;
    }

    private static List<Long> offsets(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
