package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Committed offsets are kept in a log that is compacted: it does not grow with the number of commits. */
@Timeout(180)
final class OffsetsCompactionTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int COMMITS = 1_500;

    /** What so many commits take at least when all are kept: a header each, and something of a record. */
    private static final long BYTES_OF_ALL = COMMITS * 100L;

    private static Broker start(Path directory) {
        return Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("offsets.topic.num.partitions", "1")
                .config("log.cleaner.min.cleanable.ratio", "0.01")
                .config("log.cleaner.backoff.ms", "20")
                .start();
    }

    @Test
    void theLogOfOffsetsShrinksAndKeepsTheLastOnes(@TempDir Path directory) throws Exception {
        try (var broker = start(directory)) {
            createTopic(broker);
            try (var consumer = consumer(broker)) {
                commit(consumer, 0);
                closeSegmentsSooner(broker);
                for (var offset = 1; offset <= COMMITS; offset++) {
                    commit(consumer, offset);
                }
            }
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> bytesOf(directory.resolve("__consumer_offsets-0")) < BYTES_OF_ALL / 4);
            assertThat(committed(broker)).isEqualTo(COMMITS);
        }
        try (var broker = start(directory)) {
            assertThat(committed(broker)).isEqualTo(COMMITS);
        }
    }

    private static void createTopic(Broker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(ORDERS.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void closeSegmentsSooner(Broker broker) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "__consumer_offsets");
        var small = new AlterConfigOp(new ConfigEntry("internal.segment.bytes", "8192"), AlterConfigOp.OpType.SET);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(small))).all().get();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Broker broker) {
        return new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker.bootstrap(), "group.id", "shop", "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static void commit(KafkaConsumer<byte[], byte[]> consumer, long offset) {
        consumer.commitSync(Map.of(ORDERS, new OffsetAndMetadata(offset)));
    }

    private static long committed(Broker broker) {
        try (var consumer = consumer(broker)) {
            return consumer.committed(Set.of(ORDERS)).get(ORDERS).offset();
        }
    }

    /** The bytes of all segments; one may be renamed while they are counted. */
    private static long bytesOf(Path partition) throws IOException {
        try (var files = Files.list(partition)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
