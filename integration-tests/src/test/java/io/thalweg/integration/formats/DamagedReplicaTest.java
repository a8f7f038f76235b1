package io.thalweg.integration.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica in which a byte has changed, and one of which a file has gone, while two others are whole. */
@Timeout(120)
final class DamagedReplicaTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CHANGED = "changed";
    private static final String LACKING = "lacking";
    private static final int RECORDS = 20;
    private static final int DAMAGED = 7;

    @TempDir
    private Path root;

    private final InProcessQuorum quorum = InProcessQuorum.of(1, 2, 3);
    private final Map<Integer, Broker> brokers = new TreeMap<>();
    private String bootstrap = "";

    @BeforeEach
    void start() {
        var starts = IntStream.rangeClosed(1, 3)
                .mapToObj(id -> CompletableFuture.supplyAsync(
                        () -> start(id, "127.0.0.1:0"), task -> new Thread(task, "start-" + id).start()))
                .toList();
        for (var id = 1; id <= 3; id++) {
            brokers.put(id, starts.get(id - 1).orTimeout(100, TimeUnit.SECONDS).join());
        }
        bootstrap = String.join(
                ",", brokers.values().stream().map(Broker::bootstrap).toList());
    }

    private Broker start(int id, String address) {
        return Broker.builder()
                .nodeId(id)
                .listen(address)
                .storage(FileStorage.at(root.resolve("data-" + id)))
                .metadataLog(quorum)
                .config("broker.session.timeout.ms", "60000")
                .config("auto.leader.rebalance.enable", "false")
                .start();
    }

    @AfterEach
    void stop() {
        brokers.values().forEach(Broker::close);
    }

    @Test
    void readersAreSentToAnotherAndWhatIsDamagedIsFetchedAnewAndLeadsAgain() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var replicas = Map.of(0, List.of(1, 2, 3));
            admin.createTopics(List.of(
                            new NewTopic(CHANGED, replicas).configs(Map.of("min.insync.replicas", "2")),
                            new NewTopic(LACKING, replicas).configs(Map.of("segment.bytes", "1048576"))))
                    .all()
                    .get();
            produce(CHANGED, RECORDS, 100);
            produce(LACKING, RECORDS, 150_000);
            var address = brokers.get(1).bootstrap();
            brokers.remove(1).close();
            flip();
            loseSegment();

            brokers.put(1, start(1, address));

            awaitInSync(admin, LACKING);
            awaitInSync(admin, CHANGED);
            lead(admin, CHANGED);
            assertThat(read(CHANGED)).isEqualTo(offsets());
            awaitInSync(admin, CHANGED);
            assertThat(describe(admin, CHANGED).leader().id()).isNotEqualTo(1);

            lead(admin, CHANGED);
            lead(admin, LACKING);
            assertThat(read(CHANGED)).isEqualTo(offsets());
            assertThat(read(LACKING)).isEqualTo(offsets());
            assertThat(describe(admin, CHANGED).leader().id()).isEqualTo(1);
        }
    }

    private void flip() throws IOException {
        try (var file = new RandomAccessFile(
                root.resolve("data-1/changed-0/00000000000000000000.log").toFile(), "rw")) {
            var batchBytes = file.length() / RECORDS;
            file.seek((DAMAGED + 1) * batchBytes - 1);
            var value = file.read();
            file.seek((DAMAGED + 1) * batchBytes - 1);
            file.write(value ^ 1);
        }
    }

    private void loseSegment() throws IOException {
        try (var files = Files.list(root.resolve("data-1/lacking-0"))) {
            var logs = files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
            assertThat(logs).hasSizeGreaterThan(2);
            Files.delete(logs.get(1));
        }
    }

    private static void awaitInSync(Admin admin, String topic) {
        await(topic + " in sync")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(describe(admin, topic).isr())
                        .extracting(Node::id)
                        .containsExactlyInAnyOrder(1, 2, 3));
    }

    private static void lead(Admin admin, String topic) throws Exception {
        admin.electLeaders(ElectionType.PREFERRED, Set.of(new TopicPartition(topic, 0)))
                .all()
                .get();
        await("broker 1 leads " + topic)
                .atMost(LIMIT)
                .until(() -> describe(admin, topic).leader().id() == 1);
    }

    private static TopicPartitionInfo describe(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .get(0);
    }

    /** Each record is a batch. */
    private void produce(String topic, int count, int bytes) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, new byte[bytes])).get();
            }
        }
    }

    private List<Long> read(String topic) {
        var partition = new TopicPartition(topic, 0);
        var read = new ArrayList<Long>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            while (read.size() < RECORDS) {
                consumer.poll(Duration.ofSeconds(1)).forEach(each -> read.add(each.offset()));
            }
        }
        return read;
    }

    private static List<Long> offsets() {
        return LongStream.range(0, RECORDS).boxed().toList();
    }
}
