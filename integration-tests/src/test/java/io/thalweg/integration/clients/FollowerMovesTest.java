package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replicas of a cluster that move between the log directories of their brokers, whoever leads. */
@Timeout(120)
final class FollowerMovesTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path root;

    private final Map<Integer, Broker> brokers = new TreeMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private String bootstrap = "";
    private volatile boolean isStopped;

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
                .start();
    }

    @AfterEach
    void stop() {
        isStopped = true;
        brokers.values().forEach(Broker::close);
    }

    @Test
    void everyReplicaMovesWhileItIsWrittenAndAFollowerThatMovedLeadsWithEveryRecordOnce() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var topic = new NewTopic("orders", 1, (short) 3).configs(Map.of("min.insync.replicas", "2"));
            admin.createTopics(List.of(topic)).all().get();
            var produced = CompletableFuture.supplyAsync(this::produce, task -> new Thread(task, "producer").start());
            for (var id = 1; id <= 3; id++) {
                move(admin, id);
            }
            move(admin, 2);
            isStopped = true;
            int count = produced.get(60, TimeUnit.SECONDS);
            await().atMost(LIMIT).until(() -> describe(admin).isr().size() == 3);

            var leader = describe(admin).leader().id();
            brokers.remove(leader).close();

            assertThat(consume(count))
                    .isEqualTo(IntStream.range(0, count)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    private static TopicPartitionInfo describe(Admin admin) throws Exception {
        return admin.describeTopics(List.of("orders"))
                .allTopicNames()
                .get()
                .get("orders")
                .partitions()
                .get(0);
    }

    /** To the other directory of the broker, after some more records. */
    private void move(Admin admin, int broker) throws Exception {
        var before = acknowledged.get();
        await().atMost(LIMIT).until(() -> acknowledged.get() > before + 100);
        var replica = new TopicPartitionReplica("orders", 0, broker);
        var here = directoryOf(admin, replica);
        var there = root.resolve(broker + (here.endsWith("first") ? "/second" : "/first"))
                .toString();

        admin.alterReplicaLogDirs(Map.of(replica, there)).all().get();

        await().atMost(LIMIT).until(() -> directoryOf(admin, replica).equals(there));
    }

    private static String directoryOf(Admin admin, TopicPartitionReplica replica) throws Exception {
        var found = admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);
        return found.getFutureReplicaLogDir() == null ? String.valueOf(found.getCurrentReplicaLogDir()) : "between";
    }

    /** Sends numbers until it is stopped; gives how many were acknowledged. */
    private int produce() {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap, "acks", "all", "retry.backoff.ms", 10);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            var count = 0;
            while (!isStopped) {
                for (var i = 0; i < 20; i++) {
                    var unused = producer.send(
                            new ProducerRecord<>("orders", 0, null, Integer.toString(count++)), (metadata, failure) -> {
                                if (failure == null) {
                                    acknowledged.incrementAndGet();
                                }
                            });
                }
                producer.flush();
            }
            assertThat(acknowledged.get()).isEqualTo(count);
            return count;
        }
    }

    private List<String> consume(int count) {
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            await(count + " records")
                    .atMost(Duration.ofSeconds(60))
                    .pollInSameThread()
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(each -> values.add(each.value()));
                        return values.size() >= count;
                    });
        }
        return values;
    }
}
