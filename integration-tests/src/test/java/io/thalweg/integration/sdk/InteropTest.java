package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.Compression;
import io.thalweg.api.GroupProtocol;
import io.thalweg.api.Header;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SDK writes Apache Kafka's client reads, and the other way round. */
final class InteropTest {

    private static final Serde<String> TEXT = Serde.string();
    private static final Instant NOON = Instant.parse("2001-01-31T12:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;
    private static final int COUNT = 60;

    private static Cluster cluster;
    private static Thalweg client;

    /** A record as either client sees it. */
    private record Seen(int partition, long timestamp, String key, String value, String header) {}

    @BeforeAll
    static void connect(@TempDir Path directory) {
        cluster = Cluster.onSockets(directory);
        client = cluster.connect();
    }

    @AfterAll
    static void stop() {
        client.close();
        cluster.close();
    }

    /** Every tenth record is a tombstone, and every seventh has no header. */
    private static String value(int number) {
        return number % 10 == 0 ? null : "value-" + number;
    }

    private static String header(int number) {
        return number % 7 == 0 ? "" : "header-" + number;
    }

    private static void writeWithSdk(String topic, Compression compression) {
        var config = ProducerConfig.builder().compression(compression).build();
        try (var producer = client.producer(TEXT, TEXT, config)) {
            for (int i = 0; i < COUNT; i++) {
                var record = ProducerRecord.of(topic, "key-" + i, value(i)).withTimestamp(NOON.plusMillis(i));
                var unused =
                        producer.send(header(i).isEmpty() ? record : record.withHeader(Header.of("name", header(i))));
            }
        }
    }

    private static void writeWithKafka(String topic, Compression compression) {
        var config = Map.<String, Object>of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "compression.type",
                compression.name().toLowerCase(Locale.ROOT));
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < COUNT; i++) {
                var record = new org.apache.kafka.clients.producer.ProducerRecord<>(
                        topic, null, NOON.plusMillis(i).toEpochMilli(), "key-" + i, value(i));
                if (!header(i).isEmpty()) {
                    record.headers().add("name", header(i).getBytes(StandardCharsets.UTF_8));
                }
                var unused = producer.send(record);
            }
        }
    }

    private static List<Seen> readWithSdk(String topic) {
        return Topics.read(client, topic, PARTITIONS, COUNT, TEXT, TEXT).stream()
                .map(each -> new Seen(
                        each.partition().partition(),
                        each.timestampMillis(),
                        each.key(),
                        each.value(),
                        each.headers().text("name").orElse("")))
                .toList();
    }

    private static List<Seen> readWithKafka(String topic) {
        var partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(each -> new org.apache.kafka.common.TopicPartition(topic, each))
                .toList();
        var config = Map.<String, Object>of("bootstrap.servers", cluster.bootstrap(), "enable.auto.commit", "false");
        var seen = new ArrayList<Seen>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (seen.size() < COUNT) {
                for (var each : consumer.poll(Duration.ofMillis(200))) {
                    var header = each.headers().lastHeader("name");
                    var text = header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
                    seen.add(new Seen(each.partition(), each.timestamp(), each.key(), each.value(), text));
                }
            }
        }
        return seen;
    }

    @Test
    void bothSeeTheSame() {
        bothSeeTheSameWhoeverWrote(Compression.NONE);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Compression.class)
    void bothSeeTheSameWhoeverWrote(Compression compression) {
        var ours = Topics.create(client, cluster, PARTITIONS);
        var theirs = Topics.create(client, cluster, PARTITIONS);

        writeWithSdk(ours, compression);
        writeWithKafka(theirs, compression);

        var expected = readWithKafka(theirs);
        assertThat(expected).hasSize(COUNT).anyMatch(each -> each.value() == null);
        assertThat(readWithSdk(theirs)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(readWithSdk(ours)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(readWithKafka(ours)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aGroupIsHandedFromOneClientToTheOther() {
        var topic = Topics.create(client, cluster, 1);
        var group = "group-of-" + topic;
        try (var producer = client.producer(TEXT, TEXT)) {
            for (var value : List.of("a", "b", "c")) {
                producer.sendAndWait(ProducerRecord.of(topic, value));
            }
        }
        var config = Map.<String, Object>of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "group.id",
                group,
                "group.protocol",
                "consumer",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false",
                "max.poll.records",
                "1");
        try (var kafka = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            kafka.subscribe(List.of(topic));
            while (kafka.poll(Duration.ofMillis(100)).isEmpty()) {
                assertThat(kafka.subscription()).contains(topic);
            }
            kafka.commitSync();
        }

        var rest = new ArrayList<String>();
        try (var consumer = client.consumer(Subscription.of(group, TEXT, TEXT, topic))) {
            while (rest.size() < 2) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> rest.add(each.value()));
            }
            await(consumer.commit());
        }

        assertThat(rest).containsExactly("b", "c");
        assertThat(await(client.admin().group(group)).committed()).containsEntry(new TopicPartition(topic, 0), 3L);
    }

    private static KafkaConsumer<String, String> classicMember(String group, String topic) {
        var config = Map.<String, Object>of(
                "bootstrap.servers",
                cluster.bootstrap(),
                "group.id",
                group,
                "group.protocol",
                "classic",
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                6_000,
                "heartbeat.interval.ms",
                200);
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    /** Whoever joined first leads. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void membersOfBothClientsShareAClassicGroup(boolean kafkaLeads) {
        var topic = Topics.create(client, cluster, 4);
        var subscription = Subscription.builder("shared-" + topic, TEXT, TEXT, topic)
                .protocol(GroupProtocol.CLASSIC)
                .sessionTimeout(Duration.ofSeconds(6))
                .build();
        var poll = Duration.ofMillis(50);
        try (var kafka = classicMember("shared-" + topic, topic)) {
            if (kafkaLeads) {
                await().atMost(LIMIT).until(() -> {
                    kafka.poll(poll);
                    return kafka.assignment().size() == 4;
                });
            }
            try (var member = client.consumer(subscription)) {
                if (!kafkaLeads) {
                    await().atMost(LIMIT).until(() -> {
                        member.poll(poll);
                        return member.assignment().size() == 4;
                    });
                }
                await().atMost(LIMIT).until(() -> {
                    kafka.poll(poll);
                    member.poll(poll);
                    return kafka.assignment().size() == 2 && member.assignment().size() == 2;
                });
                assertThat(member.assignment())
                        .extracting(TopicPartition::partition)
                        .doesNotContainAnyElementsOf(kafka.assignment().stream()
                                .map(each -> each.partition())
                                .toList());
            }
            await().atMost(LIMIT).until(() -> {
                kafka.poll(poll);
                return kafka.assignment().size() == 4;
            });
        }
    }
}
