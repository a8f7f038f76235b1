package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kafka Streams and Kafka Connect, unchanged, in processes of their own that end and go on. */
@Tag("slow")
@Timeout(300)
final class KafkaAppsTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PARTITIONS = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Broker broker;

    @BeforeEach
    void start() {
        broker = Broker.builder()
                .storage(FileStorage.at(directory.resolve("broker")))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
                .start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void wordsAreCountedByStreamsThatAreKilled() throws Exception {
        create("streams-plaintext-input", "streams-wordcount-output");
        var settings = Files.writeString(
                directory.resolve("streams.properties"),
                String.join(
                        "\n",
                        "bootstrap.servers=" + broker.bootstrap(),
                        "state.dir=" + directory.resolve("state"),
                        "session.timeout.ms=6000",
                        "heartbeat.interval.ms=1000",
                        "commit.interval.ms=500"));

        say("all streams lead to the sea", "the sea is not full");
        try (var app = words(settings)) {
            awaitCounts(app, Map.of("the", 2L, "sea", 2L, "full", 1L));
            say("the sea");
            app.kill();
        }
        say("streams");
        try (var app = words(settings)) {
            awaitCounts(app, Map.of("the", 3L, "sea", 3L, "streams", 2L, "all", 1L));
        }
    }

    private KafkaApp words(Path settings) throws IOException {
        return KafkaApp.start(
                directory.resolve("streams.log"),
                "org.apache.kafka.streams.examples.wordcount.WordCountDemo",
                settings);
    }

    private void create(String... topics) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(topics).stream()
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
    }

    private void say(String... lines) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                new StringSerializer(),
                new StringSerializer())) {
            for (var line : lines) {
                producer.send(new ProducerRecord<>("streams-plaintext-input", line))
                        .get();
            }
        }
    }

    /** Waits until each word was counted as often at least; more often may be, as what was not committed is counted again. */
    private void awaitCounts(KafkaApp app, Map<String, Long> wanted) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                new StringDeserializer(),
                new LongDeserializer())) {
            var partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition("streams-wordcount-output", partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var counts = new TreeMap<String, Long>();
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                app.assertRuns();
                consumer.poll(Duration.ofMillis(100))
                        .forEach(each -> counts.merge(each.key(), each.value(), Math::max));
                assertThat(counts)
                        .allSatisfy((word, count) ->
                                assertThat(count).isGreaterThanOrEqualTo(wanted.getOrDefault(word, 1L)));
                assertThat(counts.keySet()).containsAll(wanted.keySet());
            });
        }
    }

    @Test
    void aFileIsCopiedByConnectThatIsStoppedAndStarted() throws Exception {
        var source = directory.resolve("source.txt");
        var sink = directory.resolve("sink.txt");
        Files.writeString(source, lines(0, 100));
        try (var connect = connect(source, sink)) {
            awaitText(connect, sink, lines(0, 100));
            Files.writeString(source, lines(100, 150), StandardOpenOption.APPEND);
            awaitText(connect, sink, lines(0, 150));
            connect.stop();
        }
        Files.writeString(source, lines(150, 200), StandardOpenOption.APPEND);
        try (var connect = connect(source, sink)) {
            awaitText(connect, sink, lines(0, 200));
        }
    }

    private static String lines(int from, int to) {
        var text = new StringBuilder();
        for (var line = from; line < to; line++) {
            text.append("line ").append(line).append('\n');
        }
        return text.toString();
    }

    private KafkaApp connect(Path source, Path sink) throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var worker = Files.writeString(
                directory.resolve("worker.properties"),
                String.join(
                        "\n",
                        "bootstrap.servers=" + broker.bootstrap(),
                        "listeners=HTTP://127.0.0.1:" + port,
                        "key.converter=org.apache.kafka.connect.storage.StringConverter",
                        "value.converter=org.apache.kafka.connect.storage.StringConverter",
                        "offset.storage.file.filename=" + directory.resolve("connect.offsets"),
                        "offset.flush.interval.ms=500"));
        var from = Files.writeString(
                directory.resolve("source.properties"), connector("from", "FileStreamSource", source, "topic=copied"));
        var to = Files.writeString(
                directory.resolve("sink.properties"), connector("to", "FileStreamSink", sink, "topics=copied"));
        return KafkaApp.start(
                directory.resolve("connect.log"), "org.apache.kafka.connect.cli.ConnectStandalone", worker, from, to);
    }

    private static String connector(String name, String type, Path file, String topic) {
        return String.join("\n", "name=" + name, "connector.class=" + type, "tasks.max=1", "file=" + file, topic);
    }

    private static void awaitText(KafkaApp connect, Path file, String text) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            connect.assertRuns();
            assertThat(file).exists().hasContent(text);
        });
    }
}
