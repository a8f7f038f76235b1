package io.thalweg.integration.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.Header;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Thalweg;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Null and empty are two things, and headers repeat, have no value or no name, and keep their order: for the SDK as for Apache Kafka's
 * client.
 */
final class OddRecordsTest {

    private static final String BYTES = "00ff7f8078";

    private static final List<Odd> RECORDS = List.of(
            new Odd(null, "", List.of()),
            new Odd("", null, List.of(new Tag("a", null))),
            new Odd(null, null, List.of(new Tag("a", ""), new Tag("a", BYTES), new Tag("a", null))),
            new Odd(
                    BYTES,
                    BYTES,
                    List.of(new Tag("b", BYTES), new Tag("", BYTES), new Tag("a", BYTES), new Tag("b", ""))),
            new Odd("", "", List.of(new Tag("\u00fc\u4e2d", "c3bc"))));

    /** Bytes are in hexadecimal digits. */
    private record Tag(String name, String value) {}

    private record Odd(String key, String value, List<Tag> headers) {}

    private static String hex(byte[] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(String hex) {
        return hex == null ? null : HexFormat.of().parseHex(hex);
    }

    private static void writeWithSdk(Thalweg client, String topic) {
        try (var producer = client.producer(Serde.bytes(), Serde.bytes())) {
            for (var each : RECORDS) {
                var record = ProducerRecord.of(topic, bytes(each.key()), bytes(each.value()));
                for (var tag : each.headers()) {
                    record = record.withHeader(Header.of(tag.name(), bytes(tag.value())));
                }
                producer.sendAndWait(record);
            }
        }
    }

    private static void writeWithKafka(Cluster cluster, String topic) {
        var config = Map.<String, Object>of("bootstrap.servers", cluster.bootstrap());
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var each : RECORDS) {
                var record = new org.apache.kafka.clients.producer.ProducerRecord<>(
                        topic, bytes(each.key()), bytes(each.value()));
                each.headers().forEach(tag -> record.headers().add(tag.name(), bytes(tag.value())));
                var unused = producer.send(record);
            }
        }
    }

    private static List<Odd> readWithSdk(Thalweg client, String topic) {
        return Topics.read(client, topic, 1, RECORDS.size(), Serde.bytes(), Serde.bytes()).stream()
                .map(each -> new Odd(
                        hex(each.key()),
                        hex(each.value()),
                        each.headers().all().stream()
                                .map(header -> new Tag(header.name(), hex(header.value())))
                                .toList()))
                .toList();
    }

    private static List<Odd> readWithKafka(Cluster cluster, String topic) {
        var all = List.of(new TopicPartition(topic, 0));
        var config = Map.<String, Object>of("bootstrap.servers", cluster.bootstrap(), "enable.auto.commit", "false");
        var seen = new ArrayList<Odd>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (seen.size() < RECORDS.size()) {
                for (var each : consumer.poll(Duration.ofMillis(200))) {
                    var tags = new ArrayList<Tag>();
                    each.headers().forEach(header -> tags.add(new Tag(header.key(), hex(header.value()))));
                    seen.add(new Odd(hex(each.key()), hex(each.value()), tags));
                }
            }
        }
        return seen;
    }

    @Test
    void oddRecordsTravelWholeWhoeverWritesAndReads(@TempDir Path directory) {
        try (var cluster = Cluster.onSockets(directory);
                var client = cluster.connect()) {
            var ours = Topics.create(client, cluster, 1);
            var theirs = Topics.create(client, cluster, 1);

            writeWithSdk(client, ours);
            writeWithKafka(cluster, theirs);

            assertThat(readWithKafka(cluster, ours)).isEqualTo(RECORDS);
            assertThat(readWithSdk(client, ours)).isEqualTo(RECORDS);
            assertThat(readWithSdk(client, theirs)).isEqualTo(RECORDS);
            assertThat(readWithKafka(cluster, theirs)).isEqualTo(RECORDS);
        }
    }
}
