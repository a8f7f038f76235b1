package io.thalweg.integration.clients;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache Kafka's Java clients of three generations in consumer groups of one broker over TCP and files. */
final class KafkaGroupsTest {

    private static Broker broker;

    @BeforeAll
    static void startBroker(@TempDir Path directory) {
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
                .config("group.min.session.timeout.ms", "1000")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest(name = "kafka-clients {0}: {1}")
    @CsvSource({
        "4.3.1, commitAndResume",
        "3.9.1, commitAndResume",
        "2.8.2, commitAndResume",
        "4.3.1, membersComeAndGo",
        "3.9.1, membersComeAndGo",
        "2.8.2, membersComeAndGo",
        "4.3.1, cooperativeMembersShare",
        "2.8.2, cooperativeMembersShare",
        "4.3.1, staticMemberComesBack",
        "2.8.2, staticMemberComesBack",
        "4.3.1, silentMemberIsReplaced",
        "2.8.2, silentMemberIsReplaced",
        "4.3.1, staticMemberIsRemoved",
        "2.8.2, staticMemberIsRemoved",
        "4.3.1, administration",
        "2.8.2, administration",
    })
    void groupWorks(String version, String scenario) throws Exception {
        IsolatedClient.run(version, GroupScenarios.class, scenario, broker.bootstrap());
    }

    /** What lies between the oldest and the newest generation hardly ever fails alone. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cooperativeMembersShare",
                "staticMemberComesBack",
                "silentMemberIsReplaced",
                "staticMemberIsRemoved",
                "administration"
            })
    void groupWorksForTheGenerationBetween(String scenario) throws Exception {
        IsolatedClient.run("3.9.1", GroupScenarios.class, scenario, broker.bootstrap());
    }
}
