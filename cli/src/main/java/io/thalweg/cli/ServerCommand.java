package io.thalweg.cli;

import io.thalweg.broker.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a broker until the process is told to stop. */
@Command(
        name = "server",
        description = "Runs a broker until it is told to stop (Ctrl-C or SIGTERM).",
        sortOptions = false,
        footer = {
            "",
            "Settings have Kafka's names. Later ones win: the file, then --listen and --data, then --set.",
            "",
            "Examples:",
            "  thalweg server",
            "  thalweg server --listen 127.0.0.1:0 --data /var/lib/thalweg",
            "  thalweg server server.properties --set num.partitions=4 --set durability=os"
        })
final class ServerCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "A properties file with settings.")
    private @Nullable Path file;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen; port 0 takes a free one. Short for --set listeners=PLAINTEXT://HOST:PORT.")
    private @Nullable String listen;

    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            description = "Where the logs are kept. Short for --set log.dirs=DIRECTORY.")
    private @Nullable String data;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets one setting; may be given more than once.")
    private Map<String, String> settings = new LinkedHashMap<>();

    ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        common.configureLogging(Level.INFO);
        var builder = Broker.builder();
        if (file != null) {
            builder.configFile(file.toString(), Files.readString(file));
        }
        if (listen != null) {
            builder.listen(listen);
        }
        if (data != null) {
            builder.config("log.dirs", data);
        }
        runUntilStopped(builder.config(settings).start());
        return ExitCode.DONE;
    }

    private void runUntilStopped(Broker broker) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "thalweg-stop"));
        terminal.out().println("Thalweg ready on " + broker.bootstrap() + " in " + millisSinceStart() + " ms");
        terminal.out().flush();
        new CountDownLatch(1).await();
    }

    /** A signal is the ordinary way to stop a server, so the process ends as one that did its work. */
    private void stop(Broker broker) {
        broker.close();
        terminal.out().println("Thalweg stopped");
        terminal.out().flush();
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    private static long millisSinceStart() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis())
                .orElse(-1L);
    }
}
