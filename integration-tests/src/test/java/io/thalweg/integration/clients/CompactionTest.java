package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import io.thalweg.tck.storage.CheckingStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A compacted topic on files as Kafka's clients see it: the last value of each key, at its offset, over restarts. The storage is used as
 * its contract says.
 */
@Timeout(180)
final class CompactionTest {

    private static final TopicPartition TABLE = new TopicPartition("table", 0);
    private static final int KEYS = 40;
    private static final int RECORDS = 2_000;

    /** More than this are left only in a log that was not compacted. */
    private static final int FEW = 400;

    /** What was written, by offset. */
    private final TreeMap<Long, ProducerRecord<String, String>> written = new TreeMap<>();

    private final Map<String, Long> lastOffsets = new TreeMap<>();

    private final List<CheckingStorage> storages = new ArrayList<>();

    @AfterEach
    void storageWasWellUsed() {
        storages.forEach(CheckingStorage::assertWellUsed);
    }

    private Broker start(Path directory) {
        var storage = new CheckingStorage(FileStorage.at(directory));
        storages.add(storage);
        return Broker.builder()
                .storage(storage)
                .listen("127.0.0.1:0")
                .config("log.cleaner.backoff.ms", "20")
                .config("log.retention.check.interval.ms", "50")
                .start();
    }

    @Test
    void theLastValueOfEachKeyStaysAtItsOffset(@TempDir Path directory) throws Exception {
        try (var broker = start(directory)) {
            create(
                    broker,
                    TABLE.topic(),
                    Map.of(
                            "cleanup.policy", "compact",
                            "internal.segment.bytes", "8192",
                            "min.cleanable.dirty.ratio", "0.1"));
            produce(broker, 0);
            awaitCompaction(broker);
            check(broker);
        }
        try (var broker = start(directory)) {
            check(broker);
            produce(broker, RECORDS);
            awaitCompaction(broker);
            check(broker);
        }
    }

    private static void create(Broker broker, String topic, Map<String, String> configs) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(configs)))
                    .all()
                    .get();
        }
    }

    private void produce(Broker broker, int from) throws Exception {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrap(), "batch.size", "1024", "compression.type", "lz4");
        var sent = new ArrayList<Map.Entry<ProducerRecord<String, String>, Future<RecordMetadata>>>();
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (var i = from; i < from + RECORDS; i++) {
                var value = i % 31 == 0
                        ? null
                        : "value " + i + " "
                                + Integer.toHexString(i * 0x9E3779B9).repeat(8);
                var record = new ProducerRecord<>(TABLE.topic(), "key " + i * 7 % KEYS, value);
                sent.add(Map.entry(record, producer.send(record)));
            }
        }
        for (var each : sent) {
            var offset = each.getValue().get().offset();
            written.put(offset, each.getKey());
            lastOffsets.merge(each.getKey().key(), offset, Math::max);
        }
    }

    private void awaitCompaction(Broker broker) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> read(broker, 0).size() < FEW);
    }

    /** What is read was written there, nothing is read twice, and the last record of every key is among it. */
    private void check(Broker broker) {
        for (var from : List.of(0L, written.lastKey() / 2, written.lastKey() - 10)) {
            var found = new TreeMap<Long, String>();
            var last = from - 1;
            for (var record : read(broker, from)) {
                assertThat(record.offset()).isGreaterThan(last);
                assertThat(record.key()).isEqualTo(written.get(record.offset()).key());
                assertThat(record.value())
                        .isEqualTo(written.get(record.offset()).value());
                last = record.offset();
                found.put(last, record.key());
            }
            lastOffsets.forEach((key, offset) -> {
                if (offset >= from) {
                    assertThat(found).containsEntry(offset, key);
                }
            });
        }
    }

    private static List<ConsumerRecord<String, String>> read(Broker broker, long from) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(TABLE));
            consumer.seek(TABLE, from);
            var end = consumer.endOffsets(List.of(TABLE)).get(TABLE);
            while (consumer.position(TABLE) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Test
    void theEarliestOffsetMovesAsSegmentsExpire(@TempDir Path directory) throws Exception {
        try (var broker = start(directory)) {
            create(broker, TABLE.topic(), Map.of("internal.segment.bytes", "8192", "retention.bytes", "20000"));
            produce(broker, 0);

            await().atMost(Duration.ofSeconds(60)).until(() -> earliest(broker) > 0);

            var start = earliest(broker);
            assertThat(start).isLessThan(RECORDS);
            assertThat(read(broker, start)).hasSize((int) (RECORDS - start));
        }
    }

    private static long earliest(Broker broker) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                new StringDeserializer(),
                new StringDeserializer())) {
            return consumer.beginningOffsets(List.of(TABLE)).get(TABLE);
        }
    }
}
