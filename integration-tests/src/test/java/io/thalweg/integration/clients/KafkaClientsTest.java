package io.thalweg.integration.clients;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import io.thalweg.tck.storage.CheckingStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Apache Kafka's Java clients of three generations against one broker over TCP and files, which uses its storage as the contract of that
 * says.
 */
final class KafkaClientsTest {

    private static Broker broker;
    private static CheckingStorage storage;

    @BeforeAll
    static void startBroker(@TempDir Path directory) {
        storage = new CheckingStorage(FileStorage.at(directory));
        broker = Broker.builder()
                .storage(storage)
                .listen("127.0.0.1:0")
                .config("auto.create.topics.enable", "true")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
        storage.assertWellUsed();
    }

    @ParameterizedTest(name = "kafka-clients {0}: {1}")
    @CsvSource({
        "4.3.1, roundTripWithEveryCodec",
        "3.9.1, roundTripWithEveryCodec",
        "2.8.2, roundTripWithEveryCodec",
        "4.3.1, nullsHeadersAndTimestamps",
        "3.9.1, nullsHeadersAndTimestamps",
        "2.8.2, nullsHeadersAndTimestamps",
        "4.3.1, seekByOffsetAndTimestamp",
        "3.9.1, seekByOffsetAndTimestamp",
        "2.8.2, seekByOffsetAndTimestamp",
        "4.3.1, everyAcks",
        "3.9.1, everyAcks",
        "2.8.2, everyAcks",
        "4.3.1, idempotentProducerKeepsOrder",
        "3.9.1, idempotentProducerKeepsOrder",
        "2.8.2, idempotentProducerKeepsOrder",
        "4.3.1, topicsLiveAndDie",
        "3.9.1, topicsLiveAndDie",
        "2.8.2, topicsLiveAndDie",
        "4.3.1, configsAreDescribedAndChanged",
        "3.9.1, configsAreDescribedAndChanged",
        "2.8.2, configsAreDescribedAndChanged",
        "4.3.1, recordsAreDeleted",
        "3.9.1, recordsAreDeleted",
        "2.8.2, recordsAreDeleted",
        "4.3.1, unknownTopicIsCreatedOnDemand",
        "3.9.1, unknownTopicIsCreatedOnDemand",
        "2.8.2, unknownTopicIsCreatedOnDemand",
    })
    void clientWorks(String version, String scenario) throws Exception {
        IsolatedClient.run(version, ClientScenarios.class, scenario, broker.bootstrap());
    }
}
