package io.thalweg.integration.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** {@code thalweg server FILE} in a process of its own. Owned by the test. */
final class ClusterServer implements StrikableServer {

    private static final long END_LIMIT_SECONDS = 60;

    private final int id;
    private final Path config;
    private final int port;
    private final BiConsumer<Integer, Long> started;
    private Process process;

    /**
     * A server that does not run yet.
     *
     * @param port where clients reach it
     * @param started hears of the server's id and of each process it runs in
     */
    ClusterServer(int id, Path config, int port, BiConsumer<Integer, Long> started) {
        this.id = id;
        this.config = config;
        this.port = port;
        this.started = started;
    }

    @Override
    public int id() {
        return id;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        try {
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.thalweg.cli.Main",
                            "server",
                            config.toString()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            config.resolveSibling("server-" + id + ".log").toFile()))
                    .start();
            started.accept(id, process.pid());
            var line = process.inputReader().readLine();
            if (line == null || !line.startsWith("Thalweg ready ")) {
                throw new IllegalStateException("server " + id + " said " + line + "; see its log beside " + config);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public void kill() {
        if (process != null) {
            process.destroyForcibly()
                    .onExit()
                    .orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    @Override
    public void stop() {
        process.toHandle().destroy();
        process.onExit().orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** SIGSTOP: it stands still and does not know. */
    @Override
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    @Override
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            var code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("SIG" + name + " for server " + id + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
