package io.thalweg.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I44: the same classes run the same events whatever JDK they run on. What one JDK has run is kept beside the classes, with a digest of
 * them; a later one that runs the same classes, as in the second half of {@code .ci/run}, has to come to the same.
 */
@Timeout(300)
final class TraceHashTest {

    private static final Path KEPT = Path.of("target", "trace-hashes.txt");

    @Test
    void everyJdkRunsTheSameEvents() throws IOException, NoSuchAlgorithmException {
        List<String> ran = new ArrayList<>();
        ran.add("classes " + classes());
        LongStream.of(3, 1_004, 20_005).forEach(seed -> {
            var outcome = new Simulation(seed, false).run(false);
            ran.add(String.format("seed %d: %d events, hash %016x", seed, outcome.events(), outcome.hash()));
        });
        var kept = Files.exists(KEPT) ? Files.readAllLines(KEPT) : List.<String>of();

        if (!kept.isEmpty() && kept.get(0).equals(ran.get(0))) {
            assertThat(ran).as("on Java " + Runtime.version()).isEqualTo(kept);
        }

        Files.write(KEPT, ran);
    }

    /** A digest of everything of ours that is on the path. */
    private static String classes() throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        var path =
                System.getProperty("jdk.module.path", "") + File.pathSeparator + System.getProperty("java.class.path");
        for (var entry : path.split(File.pathSeparator, -1)) {
            if (entry.contains("thalweg") && entry.endsWith(".jar")) {
                digestJar(digest, Path.of(entry));
            } else if (entry.endsWith("classes") && !entry.endsWith("test-classes")) {
                digestDirectory(digest, Path.of(entry));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void digestJar(MessageDigest digest, Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            var classes = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .sorted((one, other) -> one.getName().compareTo(other.getName()))
                    .toList();
            for (var each : classes) {
                try (InputStream bytes = jar.getInputStream(each)) {
                    digest.update(bytes.readAllBytes());
                }
            }
        }
    }

    private static void digestDirectory(MessageDigest digest, Path path) throws IOException {
        try (var files = Files.walk(path)) {
            for (var file : files.filter(each -> each.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                digest.update(Files.readAllBytes(file));
            }
        }
    }
}
