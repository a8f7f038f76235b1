package io.thalweg.integration.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.integration.wire.RawClient;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Quotas keep clients waiting: Kafka's, which is told to wait and does, and one that does not care. */
@Timeout(120)
final class QuotasTest {

    private static Broker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = Broker.builder()
                .storage(new MemoryStorage())
                .listen("127.0.0.1:0")
                .config("quota.window.num", "2")
                .config("controller.quota.window.num", "2")
                .start();
        QuotaScenarios.createTopic(broker.bootstrap());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void bytesProducedAndFetchedTakeTheTimeOfTheirQuota() throws Exception {
        QuotaScenarios.set(broker.bootstrap(), "greedy", "producer_byte_rate", QuotaScenarios.BYTES_PER_SECOND);
        QuotaScenarios.set(broker.bootstrap(), "greedy", "consumer_byte_rate", QuotaScenarios.BYTES_PER_SECOND);

        var produced = QuotaScenarios.produce(broker.bootstrap(), "greedy");
        var fetched = QuotaScenarios.consume(broker.bootstrap(), "greedy");

        // A second's worth is free, and the last answers do not have to be waited for.
        assertThat(produced.seconds()).isGreaterThan(0.5);
        assertThat(produced.maxThrottleMillis()).isPositive();
        assertThat(fetched.seconds()).isGreaterThan(0.5);
        assertThat(fetched.maxThrottleMillis()).isPositive();
        assertThat(QuotaScenarios.consume(broker.bootstrap(), "another").maxThrottleMillis())
                .isZero();
    }

    @Test
    void topicsThatAreTooManyAreRefused() throws Exception {
        QuotaScenarios.set(broker.bootstrap(), "maker", "controller_mutation_rate", 0.1);

        assertThat(QuotaScenarios.refusalMillis(broker.bootstrap(), "maker", 2))
                .hasValueSatisfying(millis -> assertThat(millis).isPositive());
        assertThat(QuotaScenarios.refusalMillis(broker.bootstrap(), "modest", 2))
                .isEmpty();
    }

    @Test
    void anAddressThatConnectsTooOftenIsRefused() throws Exception {
        try (var other = Broker.builder()
                .storage(new MemoryStorage())
                .listen("127.0.0.1:0")
                .config("quota.window.num", "2")
                .start()) {
            assertThat(QuotaScenarios.refusesConnections(other.bootstrap())).isTrue();
            try (var client = RawClient.connect(other.bootstrap())) {
                client.ask(ApiVersionsRequest.builder().build(), 0);
            }
        }
    }

    @Test
    void aClientThatDoesNotWaitByItselfIsNotReadBefore() throws Exception {
        QuotaScenarios.set(broker.bootstrap(), "hostile", "request_percentage", 1e-6);

        try (var client = RawClient.connect(broker.bootstrap())) {
            var begun = System.nanoTime();
            var told = (MetadataResponse)
                    client.ask(MetadataRequest.builder().topics(List.of()).build(), 9);
            client.ask(ApiVersionsRequest.builder().build(), 0);

            assertThat(told.throttleTimeMillis()).isPositive();
            assertThat(System.nanoTime() - begun)
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(told.throttleTimeMillis()));
        }
    }
}
