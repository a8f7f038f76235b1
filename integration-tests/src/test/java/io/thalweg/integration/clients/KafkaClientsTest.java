package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Apache Kafka's Java clients of three generations against one broker over TCP and files. */
final class KafkaClientsTest {

    private static final List<String> SHARED_LIBRARIES =
            List.of("slf4j-api", "slf4j-jdk14", "zstd-jni", "lz4-java", "snappy-java");

    private static Broker broker;

    @BeforeAll
    static void startBroker(@TempDir Path directory) {
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("auto.create.topics.enable", "true")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
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
        try (var loader = loaderOf(version)) {
            var scenarios = loader.loadClass(ClientScenarios.class.getName());
            assertThat(scenarios).isNotSameAs(ClientScenarios.class);
            var thread = Thread.currentThread();
            var previous = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                scenarios
                        .getMethod(scenario, String.class, String.class)
                        .invoke(null, broker.bootstrap(), scenario + "-" + version);
            } catch (InvocationTargetException e) {
                throw new AssertionError(e.getCause().toString(), e.getCause());
            } finally {
                thread.setContextClassLoader(previous);
            }
        }
    }

    /** Sees the JDK, the client of this version, its libraries, and the scenarios; nothing else of the test's. */
    private static URLClassLoader loaderOf(String version) throws Exception {
        var urls = new ArrayList<URL>();
        urls.add(Path.of("target", "test-classes").toUri().toURL());
        var client = Path.of("target", "kafka-clients", "kafka-clients-" + version + ".jar");
        assertThat(Files.exists(client)).as("%s, copied by the build", client).isTrue();
        urls.add(client.toUri().toURL());
        for (var element : System.getProperty("java.class.path").split(System.getProperty("path.separator"), -1)) {
            if (SHARED_LIBRARIES.stream().anyMatch(element::contains)) {
                urls.add(toUrl(element));
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static URL toUrl(String element) throws MalformedURLException {
        return Path.of(element).toUri().toURL();
    }
}
