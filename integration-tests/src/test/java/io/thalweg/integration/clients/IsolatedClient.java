package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs what clients do with one version of Apache Kafka's, whatever other versions the tests have. */
final class IsolatedClient {

    private static final List<String> SHARED_LIBRARIES =
            List.of("slf4j-api", "slf4j-jdk14", "zstd-jni", "lz4-java", "snappy-java");

    private IsolatedClient() {}

    /** Calls the static method of this name; it takes the bootstrap servers and a name that no other call gets. */
    static void run(String version, Class<?> scenarios, String scenario, String bootstrap) throws Exception {
        try (var loader = loaderOf(version)) {
            var isolated = loader.loadClass(scenarios.getName());
            assertThat(isolated).isNotSameAs(scenarios);
            var thread = Thread.currentThread();
            var previous = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                isolated.getMethod(scenario, String.class, String.class)
                        .invoke(null, bootstrap, scenario + "-" + version);
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
