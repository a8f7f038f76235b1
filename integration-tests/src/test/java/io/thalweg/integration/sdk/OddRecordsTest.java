package io.thalweg.integration.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.Header;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Thalweg;
import java.nio.charset.StandardCharsets;
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

/** Null and empty are two things, and headers repeat, have no value or no name, and keep their order: for the SDK as for Apache Kafka's client. */
final class OddRecordsTest {

    private static final byte[] EMPTY = {};
    private static final byte[] BYTES = {0, -1, 127, -128, 'x'};

    private static final List<Odd> RECORDS = List.of(
            new Odd(null, EMPTY, List.of()),
            new Odd(EMPTY, null, List.of(new Tag("a", null))),
            new Odd(null, null, List.of(new Tag("a", EMPTY), new Tag("a", BYTES), new Tag("a", null))),
            new Odd(
                    BYTES,
                    BYTES,
                    List.of(new Tag("b", BYTES), new Tag("", BYTES), new Tag("a", BYTES), new Tag("b", EMPTY))),
            new Odd(EMPTY, EMPTY, List.of(new Tag("\u00fc\u4e2d", "\u00fc".getBytes(StandardCharsets.UTF_8)))));

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : "0x" + HexFormat.of().formatHex(bytes);
    }

    private record Tag(String name, byte[] value) {

        @Override
        public String toString() {
            return name + "=" + text(value);
        }
    }

    private record Odd(byte[] key, byte[] value, List<Tag> headers) {

        @Override
        public String toString() {
            return text(key) + ": " + text(value) + " " + headers;
        }
    }

    private static void writeWithSdk(Thalweg client, String topic) {
        try (var producer = client.producer(Serde.bytes(), Serde.bytes())) {
            for (var each : RECORDS) {
                var record = ProducerRecord.of(topic, each.key(), each.value());
                for (var tag : each.headers()) {
                    record = record.withHeader(Header.of(tag.name(), tag.value()));
                }
                producer.sendAndWait(record);
            }
        }
    }

    private static void writeWithKafka(Cluster cluster, String topic) {
        var config = Map.<String, Object>of("bootstrap.servers", cluster.bootstrap());
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var each : RECORDS) {
                var record = new org.apache.kafka.clients.producer.ProducerRecord<>(topic, each.key(), each.value());
                each.headers().forEach(tag -> record.headers().add(tag.name(), tag.value()));
                var unused = producer.send(record);
            }
        }
    }

    private static List<String> readWithSdk(Thalweg client, String topic) {
        return Topics.read(client, topic, 1, RECORDS.size(), Serde.bytes(), Serde.bytes()).stream()
                .map(each -> new Odd(
                        each.key(),
                        each.value(),
                        each.headers().all().stream()
                                .map(header -> new Tag(header.name(), header.value()))
                                .toList()))
                .map(Odd::toString)
                .toList();
    }

    private static List<String> readWithKafka(Cluster cluster, String topic) {
        var all = List.of(new TopicPartition(topic, 0));
        var config = Map.<String, Object>of("bootstrap.servers", cluster.bootstrap(), "enable.auto.commit", "false");
        var seen = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (seen.size() < RECORDS.size()) {
                for (var each : consumer.poll(Duration.ofMillis(200))) {
                    var tags = new ArrayList<Tag>();
                    each.headers().forEach(header -> tags.add(new Tag(header.key(), header.value())));
                    seen.add(new Odd(each.key(), each.value(), tags).toString());
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
            var expected = RECORDS.stream().map(Odd::toString).toList();

            writeWithSdk(client, ours);
            writeWithKafka(cluster, theirs);

            assertThat(readWithKafka(cluster, ours)).isEqualTo(expected);
            assertThat(readWithSdk(client, ours)).isEqualTo(expected);
            assertThat(readWithSdk(client, theirs)).isEqualTo(expected);
            assertThat(readWithKafka(cluster, theirs)).isEqualTo(expected);
        }
    }
}
