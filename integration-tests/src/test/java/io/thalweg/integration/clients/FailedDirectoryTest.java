package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log directories that go while their brokers live, as they do with their disks. */
@Timeout(120)
final class FailedDirectoryTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path root;

    private final Map<Integer, Broker> brokers = new TreeMap<>();
    private String bootstrap = "";

    @BeforeEach
    void start() {
        var quorum = InProcessQuorum.of(1, 2, 3);
        var starts = IntStream.rangeClosed(1, 3)
                .mapToObj(id -> CompletableFuture.supplyAsync(
                        () -> start(id, quorum), task -> new Thread(task, "start-" + id).start()))
                .toList();
        for (var id = 1; id <= 3; id++) {
            brokers.put(id, starts.get(id - 1).orTimeout(100, TimeUnit.SECONDS).join());
        }
        bootstrap = String.join(
                ",", brokers.values().stream().map(Broker::bootstrap).toList());
    }

    private Broker start(int id, InProcessQuorum quorum) {
        return Broker.builder()
                .nodeId(id)
                .listen("127.0.0.1:0")
                .storage(FileStorage.at(root.resolve(id + "/first"), root.resolve(id + "/second")))
                .metadataLog(quorum)
                .config("broker.session.timeout.ms", "60000")
                .config("broker.heartbeat.interval.ms", "200")
                .config("log.flush.offset.checkpoint.interval.ms", "100")
                .start();
    }

    @AfterEach
    void stop() {
        brokers.values().forEach(Broker::close);
    }

    @Test
    void replicasInItAreReplacedAndOthersOfTheBrokerAreNotAndWithTheLastItIsFenced() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic("orders", Map.of(0, List.of(1, 2, 3), 1, List.of(1, 2, 3)))))
                    .all()
                    .get();
            produce(0);
            produce(1);
            var lost = directoryOf(admin, 0);
            var other = directoryOf(admin, 1);
            assertThat(lost).isNotEqualTo(other);

            takeAway(lost);

            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(describe(admin, 0).leader().id()).isNotEqualTo(1);
                assertThat(describe(admin, 0).isr()).extracting(Node::id).containsExactlyInAnyOrder(2, 3);
            });
            assertThat(describe(admin, 1).leader().id()).isEqualTo(1);
            produce(0);
            produce(1);

            takeAway(other);

            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(describe(admin, 1).leader().id()).isNotEqualTo(1);
                assertThat(admin.describeCluster().nodes().get())
                        .extracting(Node::id)
                        .containsExactlyInAnyOrder(2, 3);
            });
            produce(1);
        }
    }

    private static void takeAway(String directory) throws IOException {
        Files.move(Path.of(directory), Path.of(directory + "-unmounted"));
    }

    private static String directoryOf(Admin admin, int partition) throws Exception {
        var replica = new TopicPartitionReplica("orders", partition, 1);
        return String.valueOf(admin.describeReplicaLogDirs(List.of(replica))
                .all()
                .get()
                .get(replica)
                .getCurrentReplicaLogDir());
    }

    private static TopicPartitionInfo describe(Admin admin, int partition) throws Exception {
        return admin.describeTopics(List.of("orders"))
                .allTopicNames()
                .get()
                .get("orders")
                .partitions()
                .get(partition);
    }

    private void produce(int partition) throws Exception {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", partition, null, "order"))
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
