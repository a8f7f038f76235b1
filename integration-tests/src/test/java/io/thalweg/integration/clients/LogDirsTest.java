package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
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

    private String directoryOf(String topic, int partition) throws Exception {
        var replica = new TopicPartitionReplica(topic, partition, NODE);
        var found = admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);
        return found.getFutureReplicaLogDir() == null ? String.valueOf(found.getCurrentReplicaLogDir()) : "between";
    }

    private String other(String directory) {
        return directory.equals(first.toString()) ? second.toString() : first.toString();
    }

    private Map<TopicPartitionReplica, KafkaFuture<Void>> alter(String topic, int partition, String directory) {
        return admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica(topic, partition, NODE), directory))
                .values();
    }

    private void move(String topic, int partition) throws Exception {
        var there = other(directoryOf(topic, partition));
        KafkaFuture.allOf(alter(topic, partition, there).values().toArray(KafkaFuture[]::new))
                .get();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> directoryOf(topic, partition).equals(there));
    }

    /** Sends numbers one after the other until it is stopped; gives how many were acknowledged. */
    private CompletableFuture<Integer> produceUntil(AtomicBoolean isStopped, AtomicInteger acknowledged) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var count = 0;
                    try (var producer = new KafkaProducer<>(
                            Map.of(
                                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                    (Object) broker.bootstrap(),
                                    ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                                    10),
                            new StringSerializer(),
                            new StringSerializer())) {
                        while (!isStopped.get()) {
                            var sent = new ArrayList<Future<RecordMetadata>>();
                            for (var i = 0; i < 20; i++) {
                                var value = (count + i) + "x".repeat(500);
                                sent.add(producer.send(new ProducerRecord<>("orders", 0, null, value)));
                            }
                            for (var each : sent) {
                                each.get();
                            }
                            count += sent.size();
                            acknowledged.set(count);
                        }
                        return count;
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task, "producer").start());
    }

    private List<String> consume(int count) {
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            while (values.size() < count) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    @Test
    void livePartitionMovesThereAndBackWithEveryRecordOnce() throws Exception {
        createOrders(1);
        var isStopped = new AtomicBoolean();
        var acknowledged = new AtomicInteger();
        var produced = produceUntil(isStopped, acknowledged);
        try {
            for (var moves = 0; moves < 3; moves++) {
                var before = acknowledged.get();
                await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.get() > before);
                move("orders", 0);
            }
        } finally {
            isStopped.set(true);
        }
        move("orders", 0);

        int count = produced.get();

        var expected = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            expected.add(i + "x".repeat(500));
        }
        assertThat(consume(count)).isEqualTo(expected);
        var there = directoryOf("orders", 0);
        stop();
        open();
        assertThat(directoryOf("orders", 0)).isEqualTo(there);
        assertThat(consume(count)).isEqualTo(expected);
    }

    @Test
    void offsetsOfGroupsMoveToo() throws Exception {
        createOrders(1);
        admin.alterConsumerGroupOffsets("readers", Map.of(ORDERS, new OffsetAndMetadata(7)))
                .all()
                .get();
        var partition = Utils.abs("readers".hashCode()) % 50;

        move("__consumer_offsets", partition);

        var offsets = admin.listConsumerGroupOffsets("readers")
                .partitionsToOffsetAndMetadata()
                .get();
        assertThat(offsets.get(ORDERS).offset()).isEqualTo(7);
    }

    @Test
    void topicIsDeletedWhileItMoves() throws Exception {
        createOrders(1);
        produce(0, "x".repeat(1000));
        alter("orders", 0, other(directoryOf("orders", 0)));

        admin.deleteTopics(List.of("orders")).all().get();

        createOrders(1);
        produce(0, "y");
        assertThat(consume(1)).containsExactly("y");
        assertThat(describe().values().stream()
                        .mapToInt(each -> each.replicaInfos().size())
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void movesThatCannotBeAreRefusedAsKafkaDoes() throws Exception {
        createOrders(1);
        var here = directoryOf("orders", 0);

        assertThat(failureOf(alter("orders", 0, root.resolve("none").toString())))
                .isInstanceOf(LogDirNotFoundException.class);
        assertThat(failureOf(alter("orders", 9, here))).isInstanceOf(UnknownTopicOrPartitionException.class);
        assertThat(failureOf(alter("nothing", 0, here))).isInstanceOf(UnknownTopicOrPartitionException.class);
        alter("orders", 0, here).values().iterator().next().get();
    }

    private static Throwable failureOf(Map<TopicPartitionReplica, KafkaFuture<Void>> altered) {
        try {
            altered.values().iterator().next().get();
            return new AssertionError("it was not refused");
        } catch (InterruptedException | ExecutionException e) {
            return Objects.requireNonNullElse(e.getCause(), e);
        }
    }
}
