package io.thalweg.cli;

import io.thalweg.broker.Broker;
import io.thalweg.broker.BrokerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;

/** A broker that runs until the process is told to stop. */
final class Server {

    private final ServerSettings settings;
    private final Terminal terminal;

    Server(ServerSettings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    int run() throws IOException, InterruptedException {
        var broker = start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "thalweg-stop"));
        new CountDownLatch(1).await();
        return ExitCode.DONE;
    }

    /** Starts it and says so. */
    Broker start() throws IOException {
        Logging.configure(Level.INFO, settings.isVerbose());
        var broker = configured().start();
        terminal.out().println("Thalweg ready on " + broker.bootstrap() + " in " + millisSinceStart() + " ms");
        terminal.out().flush();
        return broker;
    }

    private BrokerBuilder configured() throws IOException {
        var builder = Broker.builder();
        var file = settings.file();
        if (file != null) {
            builder.configFile(file.toString(), Files.readString(file));
        }
        var listen = settings.listen();
        if (listen != null) {
            builder.listen(listen);
        }
        var data = settings.data();
        if (data != null) {
            builder.config("log.dirs", data);
        }
        return builder.config(settings.settings());
    }

    /** A signal is the ordinary way to stop a server, so the process ends as one that did its work. */
    private void stop(Broker broker) {
        broker.close();
        terminal.out().println("Thalweg stopped");
        terminal.out().flush();
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    /** The launcher knows to the millisecond when it began; the system, to the hundredth of a second. */
    private static long millisSinceStart() {
        var launched = Long.getLong("thalweg.launched");
        if (launched != null) {
            return System.currentTimeMillis() - launched;
        }
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis())
                .orElse(-1L);
    }
}
