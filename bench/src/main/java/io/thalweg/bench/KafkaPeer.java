package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Apache Kafka, one node that is broker and controller, with the values of the server.properties it ships and its scripts' JVM flags. */
record KafkaPeer(Path libs, Path logging) implements Peer {

    private static final String CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAA";

    @Override
    public String name() {
        return "Kafka";
    }

    @Override
    public void prepare(Path directory, int port) throws IOException {
        var config = configOf(directory);
        Files.writeString(config, properties(directory.resolve("data"), port));
        format(directory, config);
    }

    @Override
    public Process launch(Path directory, int port) throws IOException {
        var config = configOf(directory);
        if (!Files.exists(config)) {
            prepare(directory, port);
        }
        return launchConfigured(directory);
    }

    private Process launchConfigured(Path directory) throws IOException {
        var config = configOf(directory).toString();
        return Servers.launch(directory, java("-Xms1G", "-Xmx1G", "kafka.Kafka", config), Map.of());
    }

    private static Path configOf(Path directory) {
        return directory.resolve("server.properties");
    }

    private static String properties(Path data, int port) {
        var controllerPort = port + 1;
        return String.join(
                "\n",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                common(data));
    }

    private static String memberProperties(Path data, Seat seat) {
        return String.join(
                "\n",
                "node.id=" + seat.id(),
                "controller.quorum.voters=" + seat.voters(),
                "listeners=" + seat.listeners(),
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + seat.port(),
                String.join("\n", Seat.TIMEOUTS),
                common(data));
    }

    private static String common(Path data) {
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "num.network.threads=3",
                "num.io.threads=8",
                "socket.send.buffer.bytes=102400",
                "socket.receive.buffer.bytes=102400",
                // Files that go a minute late leave the next load memory that the machine has to find anew: see
                // Comparison.
                "log.segment.delete.delay.ms=0",
                "log.dirs=" + data,
                "");
    }

    @Override
    public void prepareMember(Path directory, Seat seat) throws IOException {
        var config = configOf(directory);
        Files.writeString(config, memberProperties(directory.resolve("data"), seat));
        format(directory, config);
    }

    @Override
    public Process launchMember(Path directory, Seat seat) throws IOException {
        return launchConfigured(directory);
    }

    private void format(Path directory, Path config) throws IOException {
        var command = java(
                "-Xmx256M",
                "-Xms64M",
                "kafka.tools.StorageTool",
                "format",
                "--cluster-id",
                CLUSTER_ID,
                "--config",
                config.toString());
        var process = Servers.launch(directory, command, Map.of());
        try {
            if (process.waitFor() != 0) {
                throw new IOException("Kafka's storage was not formatted: " + Servers.logOf(directory));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    private List<String> java(String... arguments) {
        var command = new ArrayList<>(List.of(
                Servers.java(),
                "-server",
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=20",
                "-XX:InitiatingHeapOccupancyPercent=35",
                "-XX:+ExplicitGCInvokesConcurrent",
                "-Djava.awt.headless=true",
                "-Dlog4j2.configurationFile=" + logging,
                "-cp",
                libs + "/*"));
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public Map<String, String> durability(boolean isOnDisk) {
        return isOnDisk ? Map.of("flush.messages", "1") : Map.of();
    }
}
