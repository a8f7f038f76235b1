package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with two log directories, seen through Kafka's admin client. */
final class LogDirsTest {

    private static final int NODE = 1;
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    private Path root;

    private Path first;
    private Path second;
    private Broker broker;
    private Admin admin;

    @BeforeEach
    void start() {
        first = root.resolve("first");
        second = root.resolve("second");
        open();
    }

    private void open() {
        broker = Broker.builder()
                .storage(FileStorage.at(first, second))
                .listen("127.0.0.1:0")
                .start();
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private void createOrders(int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic("orders", partitions, (short) 1)))
                .all()
                .get();
    }

    private void produce(int partition, String value) throws Exception {
        var config = new Properties();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        // A partition whose directory is lost answers each try alike.
        config.put(ProducerConfig.RETRIES_CONFIG, 0);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", partition, null, value))
                    .get();
        }
    }

    private Map<String, LogDirDescription> describe() throws Exception {
        return new TreeMap<>(
                admin.describeLogDirs(List.of(NODE)).allDescriptions().get().get(NODE));
    }

    @Test
    void directoriesAreDescribedWithTheirReplicas() throws Exception {
        createOrders(4);
        produce(0, "x".repeat(1000));

        var described = describe();

        assertThat(described.keySet()).containsExactly(first.toString(), second.toString());
        assertThat(described.values()).allSatisfy(directory -> {
            assertThat(directory.error()).isNull();
            assertThat(directory.totalBytes()).isPresent();
            assertThat(directory.usableBytes().getAsLong())
                    .isBetween(0L, directory.totalBytes().getAsLong());
            assertThat(directory.replicaInfos()).hasSize(2);
        });
        var replica = described.values().stream()
                .flatMap(each -> each.replicaInfos().entrySet().stream())
                .filter(each -> each.getKey().equals(ORDERS))
                .toList();
        assertThat(replica).hasSize(1);
        assertThat(replica.get(0).getValue().size()).isGreaterThan(1000);
        assertThat(replica.get(0).getValue().offsetLag()).isZero();
        assertThat(replica.get(0).getValue().isFuture()).isFalse();
    }

    @Test
    void replicaIsFoundInItsDirectory() throws Exception {
        createOrders(1);
        var replica = new TopicPartitionReplica("orders", 0, NODE);

        var found = admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);

        assertThat(found.getCurrentReplicaLogDir()).isIn(first.toString(), second.toString());
        assertThat(found.getCurrentReplicaOffsetLag()).isZero();
        assertThat(found.getFutureReplicaLogDir()).isNull();
    }

    @Test
    void directoryThatCannotBeReadTakesItsPartitionsOfflineAndNoOthers() throws Exception {
        createOrders(2);
        produce(0, "a");
        produce(1, "b");
        var home = homeOfMetadata();
        var other = home.equals(first) ? second : first;
        var lost = Files.exists(other.resolve("orders-0")) ? 0 : 1;
        stop();
        breakDirectory(other);
        open();

        produce(1 - lost, "c");

        assertThatThrownBy(() -> produce(lost, "d"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(KafkaStorageException.class);
        assertThat(describe().get(other.toString()).error()).isInstanceOf(KafkaStorageException.class);
        assertThat(describe().get(home.toString()).replicaInfos())
                .containsOnlyKeys(new TopicPartition("orders", 1 - lost));
        admin.createTopics(List.of(new NewTopic("returns", 3, (short) 1))).all().get();
        assertThat(describe().get(home.toString()).replicaInfos()).hasSize(4);
    }

    private Path homeOfMetadata() {
        return Files.exists(first.resolve("__thalweg_metadata-0")) ? first : second;
    }

    /** Leaves a file where the directory was. */
    private void breakDirectory(Path directory) throws IOException {
        Files.move(directory, root.resolve("gone"));
        Files.writeString(directory, "no directory");
    }

    @Test
    void brokerDoesNotStartWithoutItsMetadata() throws Exception {
        var home = homeOfMetadata();
        stop();
        breakDirectory(home);

        assertThatThrownBy(this::open)
                .hasMessageContaining("__thalweg_metadata-0")
                .hasMessageContaining(home.toString());

        Files.delete(home);
        Files.move(root.resolve("gone"), home);
        open();
    }
}
