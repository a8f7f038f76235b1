package io.thalweg.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three servers, each a process that runs what this one runs, as a cluster. Confined to the demo's thread. */
final class DemoCluster implements DemoBrokers {

    private static final int SIZE = 3;

    /** Who watches does not want to wait for long until another broker leads. */
    private static final List<String> IMPATIENT =
            List.of("broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500");

    /** The thread that ends what is left when the command itself is ended reads it too. */
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    private final String bootstrap;

    private DemoCluster(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    static DemoCluster start(Path directory) throws IOException {
        var ports = freePorts(2 * SIZE);
        var addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        var cluster = new DemoCluster(String.join(",", addresses.subList(0, SIZE)));
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "thalweg-demo-brokers"));
        try {
            for (var id = 1; id <= SIZE; id++) {
                cluster.processes.add(launch(directory, id, settings(directory, id, addresses)));
            }
            for (var process : cluster.processes) {
                awaitReady(process, directory);
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        for (var i = 0; i < count; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (var socket : sockets) {
            socket.close();
        }
        return sockets.stream().map(ServerSocket::getLocalPort).toList();
    }

    private static List<String> settings(Path directory, int id, List<String> addresses) {
        var voters = IntStream.rangeClosed(1, SIZE)
                .mapToObj(voter -> voter + "@" + addresses.get(SIZE + voter - 1))
                .collect(Collectors.joining(","));
        var settings = new ArrayList<>(List.of(
                "node.id=" + id,
                "listeners=PLAINTEXT://" + addresses.get(id - 1) + ",CONTROLLER://" + addresses.get(SIZE + id - 1),
                "controller.quorum.voters=" + voters,
                "log.dirs=" + directory.resolve("broker-" + id)));
        settings.addAll(IMPATIENT);
        return settings;
    }

    private static Process launch(Path directory, int id, List<String> settings) throws IOException {
        var file = Files.write(directory.resolve("broker-" + id + ".properties"), settings);
        var command = OwnCommand.line("server", file.toString());
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("broker-" + id + ".log").toFile())
                .start();
    }

    private static void awaitReady(Process process, Path directory) throws IOException {
        var line = process.inputReader().readLine();
        if (line == null) {
            throw new IOException("a broker of the demo ended before it was ready: " + log(directory));
        }
    }

    /** What the brokers wrote; the directory is gone when one reads of it. */
    private static String log(Path directory) throws IOException {
        var all = new StringBuilder();
        for (var id = 1; id <= SIZE; id++) {
            all.append(Files.readString(directory.resolve("broker-" + id + ".log")));
        }
        return all.toString().strip();
    }

    @Override
    public int count() {
        return SIZE;
    }

    @Override
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void kill(int id) {
        processes.get(id - 1).destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
