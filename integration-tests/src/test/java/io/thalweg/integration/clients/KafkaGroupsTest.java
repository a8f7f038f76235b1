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

/** Apache Kafka's Java clients of three generations in consumer groups of one broker over TCP and files. */
final class KafkaGroupsTest {

    private static final List<String> SHARED_LIBRARIES =
            List.of("slf4j-api", "slf4j-jdk14", "zstd-jni", "lz4-java", "snappy-java");

    private static Broker broker;

    @BeforeAll
    static void startBroker(@TempDir Path directory) {
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
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
        "3.9.1, cooperativeMembersShare",
        "2.8.2, cooperativeMembersShare",
        "4.3.1, staticMemberComesBack",
        "3.9.1, staticMemberComesBack",
        "2.8.2, staticMemberComesBack",
        "4.3.1, silentMemberIsReplaced",
        "3.9.1, silentMemberIsReplaced",
        "2.8.2, silentMemberIsReplaced",
        "4.3.1, staticMemberIsRemoved",
        "3.9.1, staticMemberIsRemoved",
        "2.8.2, staticMemberIsRemoved",
        "4.3.1, administration",
        "3.9.1, administration",
        "2.8.2, administration",
    })
    void groupWorks(String version, String scenario) throws Exception {
        try (var loader = loaderOf(version)) {
            var scenarios = loader.loadClass(GroupScenarios.class.getName());
            assertThat(scenarios).isNotSameAs(GroupScenarios.class);
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
