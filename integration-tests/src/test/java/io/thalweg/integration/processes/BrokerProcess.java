package io.thalweg.integration.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own that keeps its directory and port over restarts. */
final class BrokerProcess implements AutoCloseable {

    private static final long READY_LIMIT_SECONDS = 60;

    private final Path directory;
    private final int port;
    private final String[] settings;
    private Process process;

    private BrokerProcess(Path directory, int port, String[] settings, Process process) {
        this.directory = directory;
        this.port = port;
        this.settings = settings;
        this.process = process;
    }

    /** Starts one, with settings as {@code name=value}, and waits until it serves. */
    static BrokerProcess start(Path directory, String... settings) throws IOException {
        var port = freePort();
        return new BrokerProcess(directory, port, settings, launch(directory, port, settings));
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** SIGKILL, then a new process on the same directory and port. */
    void killAndRestart() throws IOException {
        kill();
        process = launch(directory, port, settings);
    }

    private void kill() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(READY_LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static Process launch(Path directory, int port, String[] settings) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<String>(List.of(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                directory.toString(),
                Integer.toString(port)));
        command.addAll(List.of(settings));
        var started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolveSibling("broker.log").toFile()))
                .start();
        var line = started.inputReader().readLine();
        if (line == null) {
            throw new IllegalStateException(
                    "broker on " + directory + " ended before it was ready; see broker.log beside it");
        }
        return started;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
