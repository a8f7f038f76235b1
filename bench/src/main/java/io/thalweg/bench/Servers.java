package io.thalweg.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How server processes are launched. */
final class Servers {

    private static final String LOG = "server.log";
    private static final int PORT_TRIES = 100;

    private Servers() {}

    /** Launches a command whose output goes to a log in the directory. */
    static Process launch(Path directory, List<String> command, Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve(LOG).toFile()));
        var home = System.getenv("BENCH_JAVA_HOME");
        if (home != null) {
            builder.environment().put("THALWEG_JAVA_HOME", home);
        }
        builder.environment().putAll(environment);
        return builder.start();
    }

    static String java() {
        var home = System.getenv("BENCH_JAVA_HOME");
        return home == null ? "java" : home + "/bin/java";
    }

    static String logOf(Path directory) {
        try {
            return Files.readString(directory.resolve(LOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that is free, and whose successor is. */
    static int freePort() {
        for (var tries = 0; tries < PORT_TRIES; tries++) {
            try (var first = new ServerSocket(0);
                    var second = new ServerSocket(first.getLocalPort() + 1)) {
                return second.getLocalPort() - 1;
            } catch (IOException | IllegalArgumentException e) {
                // The successor is taken, or there is none.
            }
        }
        throw new IllegalStateException("no two free ports in a row");
    }
}
