package io.thalweg.integration.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Servers in processes of their own that form a cluster; they keep their directories and ports over restarts. Owned by the test. */
final class ClusterProcesses implements AutoCloseable {

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
        var voters = IntStream.rangeClosed(1, SIZE)
                .mapToObj(id -> id + "@127.0.0.1:" + ports.get(2 * id - 1))
                .collect(Collectors.joining(","));
        var servers = new ArrayList<ClusterServer>();
        for (var id = 1; id <= SIZE; id++) {
            var config = new ArrayList<>(List.of(
                    "node.id=" + id,
                    "listeners=PLAINTEXT://127.0.0.1:" + ports.get(2 * id - 2) + ",CONTROLLER://127.0.0.1:"
                            + ports.get(2 * id - 1),
                    "controller.quorum.voters=" + voters,
                    "log.dirs=" + directory.resolve("data-" + id)));
            config.addAll(List.of(settings));
            var file = Files.write(directory.resolve("server-" + id + ".properties"), config);
            servers.add(new ClusterServer(id, file, ports.get(2 * id - 2)));
        }
        var cluster = new ClusterProcesses(directory, voters, servers);
        try {
            cluster.startAll();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private static List<Integer> freePorts(int count) throws IOException {
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
        var broker = new ClusterServer(id, file, port);
        servers.add(broker);
        broker.start();
        return broker;
    }

    /** Starts those that do not run, all at once, and waits until they serve. */
    void startAll() {
        forAll(ClusterServer::start);
    }

    /** SIGKILL for all of them. */
    void killAll() {
        forAll(ClusterServer::kill);
    }

    private void forAll(Consumer<ClusterServer> step) {
        var steps = servers.stream()
                .map(server -> CompletableFuture.runAsync(() -> step.accept(server), task -> new Thread(task).start()))
                .toList();
        CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new))
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
    }

    ClusterServer server(int id) {
        return servers.get(id - 1);
    }

    List<ClusterServer> servers() {
        return List.copyOf(servers);
    }

    String bootstrap() {
        return servers.stream().map(ClusterServer::bootstrap).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        forAll(ClusterServer::kill);
    }
}
