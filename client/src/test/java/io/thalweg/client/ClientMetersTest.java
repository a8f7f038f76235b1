package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.thalweg.api.ClientConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClientMetersTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ClientConfig CONFIG =
            ClientConfig.builder("broker:9092").clientId("measured").build();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedBroker broker = ScriptedBroker.open(1);

    @BeforeEach
    void watch() {
        Metrics.addRegistry(registry);
    }

    @AfterEach
    void close() {
        Metrics.removeRegistry(registry);
        broker.close();
    }

    private double count(String meter) {
        return registry.get(meter).tag("client", "measured").counter().count();
    }

    private long latencies(String api) {
        return registry.get("thalweg.client.request.latency")
                .tag("client", "measured")
                .tag("api", api)
                .timer()
                .count();
    }

    @Test
    void whatIsSentIsCounted() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));

        try (var client = WireClient.over(broker.network(), CONFIG);
                var producer = client.producer(Serde.string(), Serde.string())) {
            producer.sendAndWait(ProducerRecord.of(ScriptedBroker.TOPIC, "key", "value"));
            broker.on(
                    ApiKey.PRODUCE,
                    (version, request) ->
                            ScriptedBroker.produced((ProduceRequest) request, ErrorCode.INVALID_RECORD, -1));
            var refused = producer.send(ProducerRecord.of(ScriptedBroker.TOPIC, "key", "value"))
                    .toCompletableFuture();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(refused).isCompletedExceptionally());
        }
        assertThat(count("thalweg.client.records.sent")).isEqualTo(1);
        assertThat(count("thalweg.client.bytes.sent")).isPositive();
        assertThat(count("thalweg.client.records.refused")).isEqualTo(1);
        assertThat(registry.get("thalweg.client.delivery")
                        .tag("client", "measured")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(latencies("Produce")).isEqualTo(2);
    }

    @Test
    void whatIsReadIsCountedAndTheLagOfWhatIsOwnedIsShown() {
        var group = new ScriptedGroup(broker);
        group.logEnd = 15;
        var subscription = Subscription.of("readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC);

        try (var client = WireClient.over(broker.network(), CONFIG);
                var consumer = client.consumer(subscription)) {
            assertThat(consumer.poll(LIMIT)).hasSize(5);

            assertThat(count("thalweg.client.records.read")).isEqualTo(5);
            assertThat(registry.get("thalweg.client.lag")
                            .tag("client", "measured")
                            .tag("topic", ScriptedBroker.TOPIC)
                            .tag("partition", "0")
                            .gauge()
                            .value())
                    .isEqualTo(10);
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(registry.find("thalweg.client.lag")
                                .tag("client", "measured")
                                .gauge())
                        .isNull());
    }

    @Test
    void readersOfOneIdShowTheLagOfWhoPolledLastUntilAllHaveLeft() {
        var first = new MicrometerMeters("sharing");
        var second = new MicrometerMeters("sharing");
        var partitions = List.of(ScriptedGroup.PARTITION);
        first.entered(partitions);
        second.entered(partitions);

        first.read(ScriptedGroup.PARTITION, 1, 7);
        second.read(ScriptedGroup.PARTITION, 1, 3);
        assertThat(lag("sharing")).isEqualTo(3);

        first.left(partitions);
        second.read(ScriptedGroup.PARTITION, 1, 2);
        assertThat(lag("sharing")).isEqualTo(2);

        second.left(partitions);
        second.read(ScriptedGroup.PARTITION, 1, 1); // A poll that was under way.
        assertThat(lag("sharing")).isNull();
    }

    private @Nullable Double lag(String client) {
        var gauge = registry.find("thalweg.client.lag").tag("client", client).gauge();
        return gauge == null ? null : gauge.value();
    }

    @Test
    void allMetersAreDocumented() throws IOException {
        var meters = new MicrometerMeters("documented");
        meters.answered(ApiKey.FETCH, 1);
        meters.failed(ApiKey.FETCH);
        meters.entered(List.of(ScriptedGroup.PARTITION));
        meters.read(ScriptedGroup.PARTITION, 1, 1);
        var registered = registry.getMeters().stream()
                .filter(meter -> "documented".equals(meter.getId().getTag("client")))
                .map(meter -> meter.getId().getName())
                .toList();
        var documented = Files.readAllLines(Path.of("..", "docs", "METRICS.md")).stream()
                .filter(line -> line.startsWith("| `thalweg.client."))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        meters.left(List.of(ScriptedGroup.PARTITION));

        assertThat(documented).containsExactlyInAnyOrderElementsOf(registered);
    }

    @Test
    void whatIsNotAnsweredIsCounted() {
        broker.on(ApiKey.METADATA, (version, request) -> null);

        try (var client = WireClient.over(broker.network(), CONFIG)) {
            var unused = client.admin().topics();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(registry.find("thalweg.client.requests.failed")
                                    .tag("api", "Metadata")
                                    .counter())
                            .isNotNull());
        }
    }
}
