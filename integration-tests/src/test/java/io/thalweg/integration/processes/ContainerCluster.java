package io.thalweg.integration.processes;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * Three servers in containers, which form a cluster over a network of their own. Whoever is no server reaches each at a port of this
 * machine's loopback that stays the same. Owned by the test.
 */
final class ContainerCluster implements StrikableCluster, Cuts, AutoCloseable {

    /** By which {@code .ci/run} finds what a test that was killed has left. */
    private static final Map<String, String> LABELS = Map.of("io.thalweg.tests", "true");

    private static final int SIZE = 3;
    private static final int OUTSIDE_PORT = 9094;

    private final Network network;
    private final Path directory;
    private final List<ContainerServer> servers = new ArrayList<>();
    private final List<ContainerServer> cutOff = new ArrayList<>();
    private final List<Integer> ports;

    /** A cluster without servers. */
    ContainerCluster(Network network, Path directory, List<Integer> ports) {
        this.network = network;
        this.directory = directory;
        this.ports = ports;
    }

    /**
     * Starts three servers that are both brokers and voters, with further settings as {@code name=value}; their logs end up in the
     * directory.
     */
    static ContainerCluster start(String image, Path directory, List<String> settings) throws IOException {
        var ports = ClusterProcesses.freePorts(SIZE);
        var network = Network.builder()
                .createNetworkCmdModifier(command -> command.withLabels(LABELS))
                .build();
        var cluster = new ContainerCluster(network, directory, ports);
        try {
            for (var id = 1; id <= SIZE; id++) {
                cluster.add(cluster.container(image, id, settings));
            }
            cluster.startAll();
            return cluster;
        } catch (RuntimeException e) {
            try (cluster) {
                throw e;
            }
        }
    }

    void add(GenericContainer<?> container) {
        servers.add(new ContainerServer(servers.size() + 1, container));
    }

    @SuppressWarnings("resource") // The server that gets it removes it.
    private GenericContainer<?> container(String image, int id, List<String> settings) {
        var port = ports.get(id - 1);
        var command = new ArrayList<>(List.of("server", "--data", "/data"));
        for (var setting : settings(id, port, settings)) {
            command.addAll(List.of("--set", setting));
        }
        return new GenericContainer<>(DockerImageName.parse(image))
                .withImagePullPolicy(name -> false)
                .withNetwork(network)
                .withNetworkAliases(name(id))
                .withLabels(LABELS)
                .withEnv("JDK_JAVA_OPTIONS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .withCreateContainerCmdModifier(create -> publish(create, port))
                .withCommand(command.toArray(String[]::new));
    }

    private static List<String> settings(int id, int port, List<String> more) {
        var voters = IntStream.rangeClosed(1, SIZE)
                .mapToObj(voter -> voter + "@" + name(voter) + ":9093")
                .collect(Collectors.joining(","));
        var settings = new ArrayList<>(List.of(
                "node.id=" + id,
                "listeners=PLAINTEXT://:9092,CONTROLLER://:9093,OUTSIDE://:" + OUTSIDE_PORT,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT",
                "advertised.listeners=PLAINTEXT://" + name(id) + ":9092,OUTSIDE://127.0.0.1:" + port,
                "inter.broker.listener.name=PLAINTEXT",
                "controller.quorum.voters=" + voters));
        settings.addAll(more);
        return settings;
    }

    private static String name(int id) {
        return "server-" + id;
    }

    /** At one port and not the next free one, which would be another after each start. */
    private static void publish(CreateContainerCmd create, int port) {
        var inside = ExposedPort.tcp(OUTSIDE_PORT);
        create.withExposedPorts(inside)
                .getHostConfig()
                .withPortBindings(new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), inside));
    }

    @Override
    public List<ContainerServer> servers() {
        return List.copyOf(servers);
    }

    @Override
    public String bootstrap() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    @Override
    public String cutOff(StrikableServer server, RandomGenerator random) {
        var cut = servers.get(server.id() - 1);
        cut.leave(network);
        cutOff.add(cut);
        return "disconnected";
    }

    @Override
    public void repair() {
        cutOff.forEach(server -> server.join(network));
        cutOff.clear();
    }

    /** Nothing is left behind, whatever fails on the way. */
    @Override
    public void close() {
        var failures = new ArrayList<RuntimeException>();
        for (var server : servers) {
            attempt(() -> keepLog(server), failures);
            attempt(server::remove, failures);
        }
        attempt(network::close, failures);
        if (!failures.isEmpty()) {
            var first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private static void attempt(Runnable step, List<RuntimeException> failures) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private void keepLog(ContainerServer server) {
        try {
            Files.writeString(directory.resolve("server-" + server.id() + ".log"), server.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
