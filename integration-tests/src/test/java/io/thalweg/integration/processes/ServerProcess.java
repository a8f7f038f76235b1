package io.thalweg.integration.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code thalweg server} in a process of its own, as the launcher runs it but for the JVM's options. */
final class ServerProcess implements AutoCloseable {

    private static final long END_LIMIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;

    private ServerProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts one; its log goes to the file {@code server.log} beside the directory. */
    static ServerProcess start(Path directory, String... arguments) throws IOException {
        return start(command(directory, arguments), directory);
    }

    /** Starts one that may have so many files and connections open. */
    static ServerProcess startWithDescriptors(int limit, Path directory) throws IOException {
        var command = new ArrayList<>(List.of("bash", "-c", "ulimit -n " + limit + "; exec \"$@\"", "bash"));
        command.addAll(command(directory));
        return start(command, directory);
    }

    private static ServerProcess start(List<String> command, Path directory) throws IOException {
        return new ServerProcess(new ProcessBuilder(command)
                .redirectError(directory.resolveSibling("server.log").toFile())
                .start());
    }

    private static List<String> command(Path directory, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.thalweg.cli.Main",
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data",
                directory.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The word after these in the next line of its output. */
    String wordAfter(String beginning) throws IOException {
        var line = output.readLine();
        if (line == null || !line.startsWith(beginning)) {
            throw new IllegalStateException("server said " + line + ": expected " + beginning + " ...");
        }
        return line.substring(beginning.length()).strip().split(" ", 2)[0];
    }

    /** What it says from here until its end, which SIGTERM brings about. */
    String stop() throws IOException {
        // The process itself would close its output as well.
        process.toHandle().destroy();
        process.onExit().orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS).join();
        return output.readLine();
    }

    int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
