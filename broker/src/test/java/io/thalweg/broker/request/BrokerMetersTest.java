package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.thalweg.broker.Broker;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole broker with a meter registry: what its parts report arrives, and means what {@code docs/METRICS.md} says. */
final class BrokerMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InProcessNetwork network = InProcessNetwork.open();
    private final Broker broker = Broker.builder()
            .transport(network)
            .storage(new MemoryStorage())
            .listen("127.0.0.1:0")
            .config("shard.count", "2")
            .meters(registry)
            .start();
    private final TestClient client =
            TestClient.connect(network, broker.endpoints().get(0));

    @AfterEach
    void close() {
        client.close();
        broker.close();
        network.close();
    }

    @Test
    void whatGoesInAndOutIsCountedToTheByte() {
        createTopic("orders", 2);
        var batch = batch("a", "b", "c");

        produce("orders", 0, batch);
        produce("orders", 1, batch);
        var answer = client.call(fetchOf("orders", 1, 0, 0), 12, FetchResponse.class);

        assertThat(Requests.records(Requests.only(answer))).hasSize(3);
        assertThat(counted("thalweg.topic.bytes.in")).isEqualTo(2 * batch.remaining());
        assertThat(counted("thalweg.topic.records.in")).isEqualTo(6);
        assertThat(counted("thalweg.topic.bytes.out")).isEqualTo(batch.remaining());
        assertThat(registry.get("thalweg.request.size")
                        .tag("api", "Produce")
                        .summary()
                        .count())
                .isEqualTo(2);
        // An answer is counted once it is handed over, which the client may see first.
        eventually(() -> assertThat(registry.get("thalweg.request.latency")
                        .tag("api", "Fetch")
                        .timer()
                        .count())
                .isEqualTo(1));
        assertThat(commits()).isEqualTo(2);
    }

    @Test
    void aFetchThatWaitsIsSeenUntilItsClientGoes() {
        createTopic("orders", 1);
        var other = TestClient.connect(network, broker.endpoints().get(0));
        other.sendOnly(fetchOf("orders", 0, 0, Integer.MAX_VALUE), 12);
        eventually(() -> assertThat(gauged("thalweg.fetches.waiting")).isEqualTo(1));
        assertThat(gauged("thalweg.connections")).isEqualTo(2);

        other.close();

        eventually(() -> assertThat(gauged("thalweg.fetches.waiting")).isZero());
        eventually(() -> assertThat(gauged("thalweg.connections")).isEqualTo(1));
        assertThat(registry.get("thalweg.connections.accepted").counter().count())
                .isEqualTo(2);
    }

    @Test
    void aDeletedTopicLeavesNoMeter() {
        createTopic("orders", 3);
        assertThat(gauged("thalweg.partitions.led")).isEqualTo(3);

        client.call(
                DeleteTopicsRequest.builder()
                        .topicNames(List.of("orders"))
                        .timeoutMillis(30_000)
                        .build(),
                5,
                DeleteTopicsResponse.class);

        assertThat(registry.find("thalweg.topic.bytes.in").counter()).isNull();
        assertThat(gauged("thalweg.partitions.led")).isZero();
        assertThat(gauged("thalweg.partitions.offline")).isZero();
    }

    @Test
    void theDocsNameEveryMeterAndNoOther() throws IOException {
        createTopic("orders", 1);
        var registered = new TreeSet<String>();
        registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                // This registry shows each histogram as meters besides.
                .filter(name -> !name.endsWith(".histogram"))
                .forEach(name -> registered.add("`" + name + "`"));

        var documented = new TreeSet<String>();
        Files.readAllLines(Path.of("..", "docs", "METRICS.md")).stream()
                .filter(line -> line.startsWith("| `thalweg.") && !line.startsWith("| `thalweg.client."))
                .forEach(line ->
                        documented.add(line.substring(2, line.indexOf('|', 2)).strip()));

        assertThat(documented).isEqualTo(registered);
    }

    @Test
    void aClosedBrokerTakesItsMetersAlong() {
        createTopic("orders", 1);

        client.close();
        broker.close();

        assertThat(registry.getMeters()).isEmpty();
    }

    private void createTopic(String name, int partitions) {
        var topic = CreateTopicsRequest.Topic.builder()
                .name(name)
                .numPartitions(partitions)
                .replicationFactor((short) 1)
                .build();
        var request = CreateTopicsRequest.builder()
                .topics(List.of(topic))
                .timeoutMillis(30_000)
                .build();
        assertThat(client.call(request, 7, CreateTopicsResponse.class)
                        .topics()
                        .get(0)
                        .errorCode())
                .isZero();
    }

    private void produce(String topic, int partition, ByteBuffer batch) {
        var data = ProduceRequest.Topic.builder()
                .name(topic)
                .partitionData(List.of(ProduceRequest.Partition.builder()
                        .index(partition)
                        .records(new BufferRecords(batch))
                        .build()))
                .build();
        var answer = client.call(Requests.produce(ALL, data), 9, ProduceResponse.class);
        assertThat(Requests.only(answer).errorCode()).isZero();
    }

    private static FetchRequest fetchOf(String topic, int partition, long offset, int maxWaitMillis) {
        return fetch(FetchRequest.Topic.builder()
                        .topic(topic)
                        .partitions(List.of(fetchPartition(partition, offset)))
                        .build())
                .maxWaitMillis(maxWaitMillis)
                .build();
    }

    private double counted(String name) {
        return registry.get(name).tag("topic", "orders").counter().count();
    }

    private double gauged(String name) {
        return registry.get(name).gauge().value();
    }

    private long commits() {
        return registry.get("thalweg.shard.commit").timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private static void eventually(Runnable assertion) {
        await().atMost(20, TimeUnit.SECONDS).untilAsserted(assertion::run);
    }
}
