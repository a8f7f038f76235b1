package io.thalweg.integration.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Servers in processes of their own that form a cluster; they keep their directories and ports over restarts. Owned by the test. */
final class ClusterProcesses implements StrikableCluster, AutoCloseable {

    private static final int SIZE = 3;

    private final Path directory;
    private final String voters;
    private final List<ClusterServer> servers;

    private ClusterProcesses(Path directory, String voters, List<ClusterServer> servers) {
        this.directory = directory;
        this.voters = voters;
        this.servers = new ArrayList<>(servers);
    }

    /** Starts three servers that are both brokers and voters, with further settings as {@code name=value}. */
    static ClusterProcesses start(Path directory, String... settings) throws IOException {
        var ports = freePorts(2 * SIZE);
        return start(directory, ports, ports, (server, pid) -> {}, settings);
    }

    /** The same, and every connection to them goes through this network. */
    static ClusterProcesses startWithin(CuttableNetwork network, Path directory, String... settings)
            throws IOException {
        var ports = freePorts(2 * SIZE);
        var reached = new ArrayList<Integer>();
        for (var i = 0; i < ports.size(); i++) {
            reached.add(network.openWayTo(i / 2 + 1, ports.get(i)));
        }
        return start(directory, ports, reached, network::runs, settings);
    }

    /** Each server has two ports, that of clients and that of voters, and two by which it is reached. */
    private static ClusterProcesses start(
            Path directory,
            List<Integer> ports,
            List<Integer> reached,
            BiConsumer<Integer, Long> started,
            String... settings)
            throws IOException {
        var voters = IntStream.rangeClosed(1, SIZE)
                .mapToObj(id -> id + "@127.0.0.1:" + reached.get(2 * id - 1))
                .collect(Collectors.joining(","));
        var servers = new ArrayList<ClusterServer>();
        for (var id = 1; id <= SIZE; id++) {
            var config = new ArrayList<>(List.of(
                    "node.id=" + id,
                    "listeners=PLAINTEXT://127.0.0.1:" + ports.get(2 * id - 2) + ",CONTROLLER://127.0.0.1:"
                            + ports.get(2 * id - 1),
                    "advertised.listeners=PLAINTEXT://127.0.0.1:" + reached.get(2 * id - 2),
                    "controller.quorum.voters=" + voters,
                    "log.dirs=" + directory.resolve("data-" + id)));
            config.addAll(List.of(settings));
            var file = Files.write(directory.resolve("server-" + id + ".properties"), config);
            servers.add(new ClusterServer(id, file, reached.get(2 * id - 2), started));
        }
        return started(new ClusterProcesses(directory, voters, servers));
    }

    /** Ports of the loopback that nobody has now. */
    static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        var ports = new ArrayList<Integer>();
        for (var i = 0; i < count; i++) {
            var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (var socket : sockets) {
            socket.close();
        }
        return ports;
    }

    /**
     * Starts servers that only vote, numbered from 1, and brokers after them, which find them as their number is odd or even: by
     * {@code controller.quorum.voters} or by {@code controller.quorum.bootstrap.servers}.
     */
    static ClusterProcesses startApart(Path directory, int voterCount, int brokerCount, String... settings)
            throws IOException {
        var ports = freePorts(voterCount + brokerCount);
        var addresses = IntStream.range(0, voterCount)
                .mapToObj(index -> "127.0.0.1:" + ports.get(index))
                .toList();
        var voters = IntStream.rangeClosed(1, voterCount)
                .mapToObj(id -> id + "@" + addresses.get(id - 1))
                .collect(Collectors.joining(","));
        var servers = new ArrayList<ClusterServer>();
        for (var id = 1; id <= ports.size(); id++) {
            var isVoter = id <= voterCount;
            var config = new ArrayList<>(List.of(
                    "node.id=" + id,
                    "process.roles=" + (isVoter ? "controller" : "broker"),
                    "listeners=" + (isVoter ? "CONTROLLER" : "PLAINTEXT") + "://127.0.0.1:" + ports.get(id - 1),
                    isVoter || id % 2 == 1
                            ? "controller.quorum.voters=" + voters
                            : "controller.quorum.bootstrap.servers=" + String.join(",", addresses),
                    "log.dirs=" + directory.resolve("data-" + id)));
            config.addAll(List.of(settings));
            var file = Files.write(directory.resolve("server-" + id + ".properties"), config);
            servers.add(new ClusterServer(id, file, ports.get(id - 1), (server, pid) -> {}));
        }
        return started(new ClusterProcesses(directory, voters, servers));
    }

    private static ClusterProcesses started(ClusterProcesses cluster) {
        try {
            cluster.startAll();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Starts one more, which does not vote. */
    ClusterServer startBroker() throws IOException {
        var id = servers.size() + 1;
        var port = freePorts(1).get(0);
        var file = Files.write(
                directory.resolve("server-" + id + ".properties"),
                List.of(
                        "node.id=" + id,
                        "process.roles=broker",
                        "listeners=PLAINTEXT://127.0.0.1:" + port,
                        "controller.quorum.voters=" + voters,
                        "log.dirs=" + directory.resolve("data-" + id)));
        var broker = new ClusterServer(id, file, port, (server, pid) -> {});
        servers.add(broker);
        broker.start();
        return broker;
    }

    /** One that could vote, and where the voters would reach it. */
    record Newcomer(int id, int port) {}

    /** Starts one more, which could vote and does not before it is added. */
    Newcomer startNewcomer(String... settings) throws IOException {
        var id = servers.size() + 1;
        var ports = freePorts(2);
        var config = new ArrayList<>(List.of(
                "node.id=" + id,
                "process.roles=broker,controller",
                "listeners=PLAINTEXT://127.0.0.1:" + ports.get(0) + ",CONTROLLER://127.0.0.1:" + ports.get(1),
                "controller.quorum.bootstrap.servers=" + voters.replaceAll("[0-9]+@", ""),
                "log.dirs=" + directory.resolve("data-" + id)));
        config.addAll(List.of(settings));
        var file = Files.write(directory.resolve("server-" + id + ".properties"), config);
        var newcomer = new ClusterServer(id, file, ports.get(0), (server, pid) -> {});
        servers.add(newcomer);
        newcomer.start();
        return new Newcomer(id, ports.get(1));
    }

    ClusterServer server(int id) {
        return servers.get(id - 1);
    }

    @Override
    public List<ClusterServer> servers() {
        return List.copyOf(servers);
    }

    /** Where those are that hold partitions. */
    String bootstrapOf(ClusterServer... brokers) {
        return Arrays.stream(brokers).map(ClusterServer::bootstrap).collect(Collectors.joining(","));
    }

    @Override
    public String bootstrap() {
        return servers.stream().map(ClusterServer::bootstrap).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        killAll();
    }
}
