package io.thalweg.integration.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client with a quota is slowed down by Thalweg as by Apache Kafka; docs/COMPATIBILITY.md says what differs. */
@Tag("slow")
@Timeout(300)
final class QuotaDifferenceTest {

    /** A second is free, and the last answers do not have to be waited for. */
    private static final double LEAST_SECONDS = 0.5;

    @TempDir
    private Path directory;

    @Test
    void bothSlowClientsDown() throws Exception {
        try (var kafka = KafkaProcess.start(
                        Files.createDirectory(directory.resolve("kafka")),
                        "quota.window.num=2",
                        "controller.quota.window.num=2");
                var broker = Broker.builder()
                        .storage(FileStorage.at(directory.resolve("thalweg")))
                        .listen("127.0.0.1:0")
                        .config("quota.window.num", "2")
                        .config("controller.quota.window.num", "2")
                        .start()) {
            assertSlowsDown("Kafka", kafka.bootstrap());
            assertSlowsDown("Thalweg", broker.bootstrap());
        }
    }

    private static void assertSlowsDown(String who, String bootstrap) throws Exception {
        QuotaScenarios.createTopic(bootstrap);
        QuotaScenarios.set(bootstrap, "greedy", "producer_byte_rate", QuotaScenarios.BYTES_PER_SECOND);
        QuotaScenarios.set(bootstrap, "greedy", "consumer_byte_rate", QuotaScenarios.BYTES_PER_SECOND);
        QuotaScenarios.set(bootstrap, "maker", "controller_mutation_rate", 0.1);

        var produced = QuotaScenarios.produce(bootstrap, "greedy");
        var fetched = QuotaScenarios.consume(bootstrap, "greedy");
        var refusal = QuotaScenarios.refusalMillis(bootstrap, "maker", 2);

        assertThat(produced.seconds()).as(who).isGreaterThan(LEAST_SECONDS);
        assertThat(produced.maxThrottleMillis()).as(who).isPositive();
        assertThat(fetched.seconds()).as(who).isGreaterThan(LEAST_SECONDS);
        assertThat(fetched.maxThrottleMillis()).as(who).isPositive();
        assertThat(refusal).as(who).isPresent();
        assertThat(QuotaScenarios.refusesConnections(bootstrap)).as(who).isTrue();
    }
}
