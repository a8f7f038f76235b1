package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.NewTopic;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.broker.Broker;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.memory.storage.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every broker of a cluster ends and comes back, one after the other, while the SDK writes and reads. */
@Tag("slow")
@Timeout(300)
final class FailoverTest {

    private static final int SIZE = 3;
    private static final int PARTITIONS = 3;
    private static final Serde<Integer> NUMBER = Serde.int32();

    private final InProcessQuorum quorum = InProcessQuorum.of(1, 2, 3);
    private final Map<Integer, MemoryStorage> storages = new HashMap<>();
    private final Map<Integer, String> addresses = new HashMap<>();
    private final Map<Integer, Broker> brokers = new HashMap<>();

    private Broker start(int id, MemoryStorage storage, String address) {
        return Broker.builder()
                .nodeId(id)
                .storage(storage)
                .metadataLog(quorum)
                .listen(address)
                .config("offsets.topic.num.partitions", "1")
                .config("group.consumer.min.heartbeat.interval.ms", "100")
                .config("group.consumer.heartbeat.interval.ms", "200")
                .start();
    }

    private void startAll() throws Exception {
        var starts = IntStream.rangeClosed(1, SIZE)
                .mapToObj(id -> {
                    storages.put(id, new MemoryStorage());
                    return CompletableFuture.supplyAsync(
                            () -> start(id, storages.get(id), "127.0.0.1:0"),
                            task -> new Thread(task, "start-" + id).start());
                })
                .toList();
        for (var id = 1; id <= SIZE; id++) {
            var broker = starts.get(id - 1).get(60, TimeUnit.SECONDS);
            brokers.put(id, broker);
            addresses.put(id, broker.bootstrap());
        }
    }

    @AfterEach
    void stop() {
        brokers.values().forEach(Broker::close);
    }

    private void restartAll() {
        for (var id = 1; id <= SIZE; id++) {
            brokers.get(id).close();
            brokers.put(id, start(id, storages.get(id), addresses.get(id)));
        }
    }

    @Test
    void nothingAcknowledgedIsLostDoubledOrReordered() throws Exception {
        startAll();
        try (var client = Thalweg.connect(String.join(",", addresses.values()))) {
            await(client.admin()
                    .createTopic(new NewTopic("flights", PARTITIONS, SIZE, Map.of("min.insync.replicas", "2"))));
            var isOver = new AtomicBoolean();
            var sending = CompletableFuture.supplyAsync(() -> sendUntil(client, isOver), FailoverTest::thread);
            var reading = CompletableFuture.supplyAsync(() -> readUntil(client, sending), FailoverTest::thread);

            restartAll();
            isOver.set(true);

            var sent = sending.get(120, TimeUnit.SECONDS);
            assertThat(sent)
                    .allSatisfy(stage -> assertThat(await(stage).offset()).isNotNegative());
            assertLog(client, sent.size());
            assertThat(reading.get(120, TimeUnit.SECONDS)).hasSize(sent.size());
        }
    }

    private static void thread(Runnable task) {
        new Thread(task, "failover").start();
    }

    /** As fast as acknowledgements come, some at a time. */
    private static List<CompletionStage<RecordMetadata>> sendUntil(Thalweg client, AtomicBoolean isOver) {
        var sent = new ArrayList<CompletionStage<RecordMetadata>>();
        try (var producer = client.producer(NUMBER, NUMBER)) {
            while (!isOver.get()) {
                for (int i = 0; i < 100; i++) {
                    var number = sent.size();
                    sent.add(producer.send(ProducerRecord.<Integer, Integer>of("flights", number)
                            .withPartition(number % PARTITIONS)));
                }
                await(producer.flush());
            }
        }
        return sent;
    }

    private static Set<Integer> readUntil(
            Thalweg client, CompletableFuture<List<CompletionStage<RecordMetadata>>> sending) {
        var seen = new TreeSet<Integer>();
        try (var consumer = client.consumer(Subscription.of("readers", NUMBER, NUMBER, "flights"))) {
            while (!sending.isDone() || seen.size() < sending.join().size()) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
            }
        }
        return seen;
    }

    private static void assertLog(Thalweg client, int count) {
        var read = Topics.read(client, "flights", PARTITIONS, count, NUMBER, NUMBER);
        var byPartition = read.stream().collect(Collectors.groupingBy(each -> each.partition()));
        assertThat(byPartition)
                .hasSize(PARTITIONS)
                .allSatisfy((partition, records) -> assertThat(records)
                        .extracting(each -> each.value())
                        .isEqualTo(IntStream.range(0, count)
                                .filter(number -> number % PARTITIONS == partition.partition())
                                .boxed()
                                .toList()));
    }
}
