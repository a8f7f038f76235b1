package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kafkajs, as {@code kafkajs/steps.js} uses it, against one broker; what it wrote is read with Kafka's own consumer. Skipped where
 * there is no Node.js, or no registry to install kafkajs from.
 */
final class KafkaJsTest {

    private static final Path SCRIPTS = Path.of("target", "kafkajs");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "steps.js");
    private static final long LIMIT_SECONDS = 100;

    private static Broker broker;

    @BeforeAll
    static void installAndStart(@TempDir Path directory) throws Exception {
        install();
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    private static void install() throws Exception {
        Files.createDirectories(SCRIPTS);
        for (var file : FILES) {
            try (var source = KafkaJsTest.class.getResourceAsStream("/kafkajs/" + file)) {
                Files.copy(source, SCRIPTS.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        assumeTrue(run("node", "--version").isGood(), "Node.js is not installed: apt-get install nodejs npm");
        if (!Files.exists(SCRIPTS.resolve("node_modules").resolve("kafkajs").resolve("index.js"))) {
            var installed = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1");
            assumeTrue(installed.isGood(), "kafkajs could not be installed with npm: " + installed.output());
        }
    }

    /** How a process ended. */
    private record Ended(boolean isGood, String output) {}

    private static Ended run(String... command) throws IOException, InterruptedException {
        var output = Files.createTempFile("kafkajs", ".txt");
        try {
            var process = new ProcessBuilder(command)
                    .directory(SCRIPTS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            var hasEnded = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            return new Ended(hasEnded && process.exitValue() == 0, Files.readString(output));
        } catch (IOException e) {
            return new Ended(false, String.valueOf(e.getMessage()));
        } finally {
            Files.delete(output);
        }
    }

    /** Runs a step with a topic of the same name. */
    private static void step(String name) throws Exception {
        var ended = run("node", "steps.js", broker.bootstrap(), name, name);
        assertThat(ended.isGood()).as("%s: %s", name, ended.output()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refusals",
                "topicsLiveAndDie",
                "offsets",
                "clusterIsDescribed",
                "configsAreDescribedAndChanged",
                "groupIsSharedAndGoesOn",
            })
    void stepWorks(String name) throws Exception {
        step(name);
    }

    @Test
    void everyAcks() throws Exception {
        step("everyAcks");

        assertThat(read("everyAcks"))
                .extracting(ConsumerRecord::key)
                .containsExactly("acks -1", "acks 1", "acks 0", "last");
    }

    @Test
    void aTopicIsCreatedOnDemand() throws Exception {
        step("autoCreates");

        assertThat(read("autoCreates")).extracting(ConsumerRecord::value).containsExactly("v");
    }

    @Test
    void gzipHeadersAndNulls() throws Exception {
        step("gzipHeadersAndNulls");

        var records = read("gzipHeadersAndNulls");
        assertThat(records).extracting(ConsumerRecord::key).containsExactly(null, "gone", "", "key", "key");
        assertThat(records)
                .extracting(ConsumerRecord::value)
                .containsExactly("no key", null, "", "x".repeat(10_000), "headers");
        for (var number = 0; number < 5; number++) {
            assertThat(records.get(number).timestamp()).isEqualTo(1_700_000_000_000L + number);
        }
        var headers = records.get(4).headers();
        assertThat(headers.headers("trace"))
                .extracting(header -> new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly("a", "b");
        assertThat(headers.lastHeader("one").value()).containsExactly(0, 255);
    }

    @Test
    void anIdempotentProducerKeepsTheOrderOfEachKey() throws Exception {
        step("idempotentInBatches");

        var records = read("idempotentInBatches");
        assertThat(records).hasSize(1_000);
        for (var key = 0; key < 7; key++) {
            var name = "key " + key;
            var numbers = records.stream()
                    .filter(record -> name.equals(record.key()))
                    .map(record -> Integer.valueOf(record.value()))
                    .toList();
            assertThat(numbers).isSorted().doesNotHaveDuplicates();
        }
    }

    /** All records of a topic, each partition's in order. */
    private static List<ConsumerRecord<String, String>> read(String topic) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.bootstrap()),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(KafkaJsTest::partition)
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
