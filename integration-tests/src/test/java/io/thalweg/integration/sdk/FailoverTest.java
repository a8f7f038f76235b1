package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.NewTopic;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every broker of a cluster ends and comes back, one after the other, while the SDK writes and reads. */
@Timeout(300)
final class FailoverTest {

    private static final int PARTITIONS = 3;
    private static final Serde<Integer> NUMBER = Serde.int32();

    @Test
    void nothingAcknowledgedIsLostDoubledOrReordered() throws Exception {
        try (var brokers = RestartableBrokers.start(Cluster::quick);
                var client = Thalweg.connect(brokers.bootstrap())) {
            await(client.admin()
                    .createTopic(new NewTopic(
                            "flights", PARTITIONS, RestartableBrokers.SIZE, Map.of("min.insync.replicas", "2"))));
            var isOver = new AtomicBoolean();
            var sending = CompletableFuture.supplyAsync(() -> sendUntil(client, isOver), FailoverTest::thread);
            var reading = CompletableFuture.supplyAsync(() -> readUntil(client, sending), FailoverTest::thread);

            for (var restarts = 0; restarts < RestartableBrokers.SIZE; restarts++) {
                brokers.restartNext();
            }
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
