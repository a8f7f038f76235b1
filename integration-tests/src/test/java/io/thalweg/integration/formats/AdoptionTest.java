package io.thalweg.integration.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordHelpers;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.OffsetAndMetadata;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Thalweg that is pointed at the log directory of an Apache Kafka, written by Kafka's own classes. */
final class AdoptionTest {

    private static final int OFFSETS_PARTITIONS = 3;
    private static final int RECORDS = 60;
    private static final int LAST_EPOCH = 5;
    private static final String GROUP = "readers";
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    private Path directory;

    private final Uuid ordersId = Uuid.randomUuid();
    private final Uuid returnsId = Uuid.randomUuid();

    @BeforeEach
    void writeAsKafka() throws Exception {
        try (var kafka = new KafkaLogs()) {
            for (var partition = 0; partition < 2; partition++) {
                fill(kafka, "orders-" + partition, ordersId);
            }
            fill(kafka, "returns-0", returnsId);
            writeOffsets(kafka);
            writeMetadata(kafka);
        }
        for (var name : List.of(
                "recovery-point-offset-checkpoint",
                "log-start-offset-checkpoint",
                "replication-offset-checkpoint",
                "cleaner-offset-checkpoint")) {
            Files.writeString(directory.resolve(name), "0\n1\norders 0 0\n");
        }
        Files.writeString(directory.resolve("meta.properties"), "version=1\ncluster.id=abc\nnode.id=1\n");
        Files.writeString(directory.resolve("bootstrap.checkpoint"), "");
        Files.createDirectory(directory.resolve("notes-2024"));
    }

    /** Records of two leaders, in two segments. */
    private void fill(KafkaLogs kafka, String name, Uuid topicId) throws IOException {
        var log = kafka.open(directory.resolve(name), topicId, true);
        for (var i = 0; i < RECORDS; i++) {
            var record = new SimpleRecord(
                    System.currentTimeMillis() + i, null, value(name, i).getBytes(StandardCharsets.UTF_8));
            var records = MemoryRecords.withRecords(Compression.gzip().build(), record);
            log.appendAsLeader(records, i < RECORDS / 2 ? 3 : LAST_EPOCH);
            if (i == RECORDS / 3) {
                log.roll();
            }
        }
        log.close();
    }

    private static String value(String name, int index) {
        return name + "/" + index;
    }

    private void writeOffsets(KafkaLogs kafka) throws IOException {
        var serde = new GroupCoordinatorRecordSerde();
        var offset = new OffsetAndMetadata(
                42, OptionalInt.of(LAST_EPOCH), "noted", System.currentTimeMillis(), OptionalLong.empty(), ordersId);
        var record = GroupCoordinatorRecordHelpers.newOffsetCommitRecord(GROUP, "orders", 0, offset);
        var topicId = Uuid.randomUuid();
        for (var partition = 0; partition < OFFSETS_PARTITIONS; partition++) {
            var log = kafka.open(directory.resolve("__consumer_offsets-" + partition), topicId, true);
            if (partition == Utils.abs(GROUP.hashCode()) % OFFSETS_PARTITIONS) {
                log.appendAsLeader(
                        MemoryRecords.withRecords(
                                Compression.NONE,
                                new SimpleRecord(
                                        System.currentTimeMillis(),
                                        serde.serializeKey(record),
                                        serde.serializeValue(record))),
                        2);
            }
            log.close();
        }
    }

    private void writeMetadata(KafkaLogs kafka) throws IOException {
        var log = kafka.open(directory.resolve("__cluster_metadata-0"), Uuid.METADATA_TOPIC_ID, true);
        var records = List.of(
                new TopicRecord().setName("returns").setTopicId(returnsId),
                new ConfigRecord()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName("returns")
                        .setName("retention.ms")
                        .setValue("86400000"),
                new ConfigRecord()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName("returns")
                        .setName("max.message.bytes")
                        .setValue("-7"));
        for (var record : records) {
            var cache = new ObjectSerializationCache();
            var message = new ApiMessageAndVersion(record, (short) 0);
            var bytes = ByteBuffer.allocate(MetadataRecordSerde.INSTANCE.recordSize(message, cache));
            MetadataRecordSerde.INSTANCE.write(message, cache, new ByteBufferAccessor(bytes));
            log.appendAsLeader(
                    MemoryRecords.withRecords(
                            Compression.NONE, new SimpleRecord(System.currentTimeMillis(), null, bytes.array())),
                    1);
        }
        log.close();
    }

    private Broker start() {
        return Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void topicsAppearWithTheirIdsAndEveryRecord(boolean isClean) throws Exception {
        if (isClean) {
            Files.writeString(directory.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":7}");
        }
        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrder("orders", "returns");
            var topics = admin.describeTopics(List.of("orders", "returns"))
                    .allTopicNames()
                    .get();
            assertThat(topics.get("orders").topicId()).isEqualTo(ordersId);
            assertThat(topics.get("orders").partitions()).hasSize(2);
            assertThat(topics.get("returns").topicId()).isEqualTo(returnsId);
            for (var name : List.of("orders-0", "orders-1", "returns-0")) {
                assertThat(consume(broker, partition(name), 0)).isEqualTo(written(name));
            }
        }
    }

    private static TopicPartition partition(String name) {
        var dash = name.lastIndexOf('-');
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }

    private static List<String> written(String name) {
        var values = new ArrayList<String>();
        for (var i = 0; i < RECORDS; i++) {
            values.add(value(name, i));
        }
        return values;
    }

    /** Everything from an offset to the end there is at the beginning. */
    private static List<String> consume(Broker broker, TopicPartition partition, long from) {
        var values = new ArrayList<String>();
        try (var consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer(Broker broker) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrap(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        GROUP,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    @Test
    void committedOffsetsAreThoseOfTheGroup() throws Exception {
        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            var committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(ORDERS);

            assertThat(committed.offset()).isEqualTo(42);
            assertThat(committed.metadata()).isEqualTo("noted");
            try (var consumer = consumer(broker)) {
                consumer.assign(List.of(ORDERS));
                assertThat(consumer.position(ORDERS)).isEqualTo(42);
            }
        }
    }

    @Test
    void producersGoOnAboveTheHighestEpochAlsoAfterARestart() throws Exception {
        try (var broker = start()) {
            produce(broker, "more");
            assertThat(lastEpoch(broker)).isGreaterThan(LAST_EPOCH);
        }

        try (var broker = start()) {
            produce(broker, "and more");
            assertThat(consume(broker, ORDERS, RECORDS - 1))
                    .containsExactly(value("orders-0", RECORDS - 1), "more", "and more");
        }
    }

    private static void produce(Broker broker, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", 0, null, value)).get();
        }
    }

    private static int lastEpoch(Broker broker) {
        try (var consumer = consumer(broker)) {
            consumer.assign(List.of(ORDERS));
            consumer.seek(ORDERS, RECORDS);
            var epochs = new ArrayList<Integer>();
            while (epochs.isEmpty()) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> epochs.add(record.leaderEpoch().orElse(-1)));
            }
            return epochs.get(0);
        }
    }

    @Test
    void settingsAreThoseThatKafkaNotedAndNothingExpiresByADefault() throws Exception {
        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            assertThat(setting(admin, "orders", "retention.ms")).isEqualTo("-1");
            assertThat(setting(admin, "returns", "retention.ms")).isEqualTo("86400000");
            assertThat(setting(admin, "returns", "max.message.bytes")).isEqualTo("1048588");
            assertThat(setting(admin, "__consumer_offsets", "cleanup.policy")).isEqualTo("compact");
        }
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }

    @Test
    void logWithoutATopicIsLeftAloneOnceThereIsABroker() throws Exception {
        start().close();
        var files = new TreeMap<String, byte[]>();
        try (var kafka = new KafkaLogs()) {
            fill(kafka, "later-0", Uuid.randomUuid());
        }
        try (var list = Files.list(directory.resolve("later-0"))) {
            for (var file : list.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }

        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrder("orders", "returns");
        }

        files.forEach((name, bytes) ->
                assertThat(directory.resolve("later-0").resolve(name)).hasBinaryContent(bytes));
        assertThat(directory.resolve("notes-2024")).isEmptyDirectory();
    }
}
