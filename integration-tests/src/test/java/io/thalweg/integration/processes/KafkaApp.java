package io.thalweg.integration.processes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of Apache Kafka's that runs until it is stopped: Streams, Connect. Skipped where it has not been fetched. */
final class KafkaApp implements AutoCloseable {

    private static final int END_LIMIT_SECONDS = 60;

    private final Process process;
    private final Path log;

    private KafkaApp(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a main class; what it writes goes to the end of a file. */
    static KafkaApp start(Path log, String main, Path... files) throws IOException {
        var libraries = Path.of("target", "kafka-apps").toAbsolutePath();
        assumeTrue(
                Files.isDirectory(libraries),
                "no programs of Apache Kafka: mvn -f integration-tests/kafka-apps/pom.xml dependency:copy-dependencies");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                libraries + "/*",
                main));
        for (var file : files) {
            command.add(file.toString());
        }
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new KafkaApp(process, log);
    }

    /** Ends it as the operating system does what is in its way. */
    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Asks it to end, and waits until it has. */
    void stop() {
        process.destroy();
        process.onExit().orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Fails with what it wrote if it has ended by itself. */
    void assertRuns() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ":\n" + Files.readString(log));
        }
    }

    @Override
    public void close() {
        kill();
    }
}
