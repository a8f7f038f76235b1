package io.thalweg.integration.compare;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * Apache Kafka as a process of its own, one node that is broker and controller. Its libraries are those that {@code bench/run} fetches;
 * {@code -Dkafka.libs=DIRECTORY} names others.
 */
public final class KafkaProcess implements AutoCloseable {

    private static final String CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAA";
    private static final int START_LIMIT_SECONDS = 180;

    private final Process process;
    private final String bootstrap;

    private KafkaProcess(Process process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Starts in an empty directory, with more lines of settings; skips the test where there is no Kafka. */
    public static KafkaProcess start(Path directory, String... settings) throws Exception {
        var libraries = libraries();
        int port;
        int controllerPort;
        try (var first = new ServerSocket(0);
                var second = new ServerSocket(0)) {
            port = first.getLocalPort();
            controllerPort = second.getLocalPort();
        }
        var config = directory.resolve("server.properties");
        Files.writeString(
                config,
                properties(directory.resolve("data"), port, controllerPort) + "\n" + String.join("\n", settings));
        var format = launch(
                libraries,
                directory,
                List.of("kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER_ID, "--config", "" + config));
        if (format.waitFor() != 0) {
            throw new IllegalStateException(log(directory));
        }
        var process = launch(libraries, directory, List.of("kafka.Kafka", "" + config));
        var kafka = new KafkaProcess(process, "127.0.0.1:" + port);
        kafka.awaitAnswer(directory);
        return kafka;
    }

    private static Path libraries() {
        var libraries = Path.of(System.getProperty("kafka.libs", "../bench/target/kafka"));
        assumeTrue(Files.isDirectory(libraries), "no Apache Kafka in " + libraries + ": bench/run fetches it");
        return libraries;
    }

    /** What a tool of Kafka says, run in a directory of its own to its end; skips the test where there is no Kafka. */
    static String tool(Path directory, String mainClass, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(mainClass));
        command.addAll(List.of(arguments));
        Files.deleteIfExists(directory.resolve("kafka.log"));
        var code = launch(libraries(), directory, command).waitFor();
        if (code != 0) {
            throw new IllegalStateException(mainClass + " ended with " + code + ": " + log(directory));
        }
        return log(directory);
    }

    private static String properties(Path data, int port, int controllerPort) {
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "group.initial.rebalance.delay.ms=0",
                "group.consumer.assignment.interval.ms=0",
                "group.consumer.assignor.offload.enable=false",
                "log.dirs=" + data);
    }

    private static Process launch(Path libraries, Path directory, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                libraries + "/*"));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("kafka.log").toFile()))
                .start();
    }

    private static String log(Path directory) throws IOException {
        return Files.readString(directory.resolve("kafka.log"));
    }

    private void awaitAnswer(Path directory) throws IOException {
        try (var admin = Admin.create(
                Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", "" + START_LIMIT_SECONDS * 1_000))) {
            admin.describeCluster().nodes().get(START_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            close();
            throw new IllegalStateException(log(directory), e);
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** Has it stop in its own way. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(START_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Kafka runs on after " + START_LIMIT_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
