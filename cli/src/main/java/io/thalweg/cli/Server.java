package io.thalweg.cli;

import io.thalweg.broker.Broker;
import io.thalweg.broker.BrokerBuilder;
import io.thalweg.spi.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** A broker that runs until the process is told to stop. */
final class Server {

    private final ServerSettings settings;
    private final Terminal terminal;

    /** Completes when the process is told to stop. */
    private final CompletableFuture<Void> told = new CompletableFuture<>();

    Server(ServerSettings settings, Terminal terminal) {
        this.settings = settings;
        this.terminal = terminal;
    }

    int run() throws IOException, InterruptedException {
        var running = new CompletableFuture<RunningServer>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "thalweg-stop"));
        try {
            running.complete(start());
        } catch (IOException | RuntimeException | Error e) {
            running.completeExceptionally(e);
            if (!told.isDone()) {
                throw e;
            }
        }
        // The hook ends the process.
        new CountDownLatch(1).await();
        return ExitCode.DONE;
    }

    /** Starts it and says so. */
    RunningServer start() throws IOException {
        Logging.configure(Level.INFO, settings.isVerbose());
        var builder = configured();
        var shownOn = builder.settings().find(MetricsKeys.LISTEN);
        var running = shownOn.isPresent()
                ? startShown(builder, Endpoint.parse(shownOn.get()))
                : new RunningServer(builder.start(), null);
        terminal.out().println("Thalweg ready " + place(running.broker()) + " in " + millisSinceStart() + " ms");
        var metrics = running.metrics();
        if (metrics != null) {
            terminal.out().println("Thalweg metrics on " + metrics.url());
        }
        terminal.out().flush();
        Logging.readAhead();
        return running;
    }

    /** One that only votes has nothing that a client could connect to. */
    private static String place(Broker broker) {
        return broker.endpoints().isEmpty() ? "as a controller" : "on " + broker.bootstrap();
    }

    private static RunningServer startShown(BrokerBuilder builder, Endpoint endpoint) {
        var metrics = MetricsEndpoint.open(endpoint);
        try {
            return new RunningServer(builder.meters(metrics.registry()).start(), metrics);
        } catch (RuntimeException e) {
            metrics.close();
            throw e;
        }
    }

    private BrokerBuilder configured() throws IOException {
        var builder = Broker.builder().alsoKnowing(MetricsKeys.all()).giveUpWhen(told);
        var file = settings.file();
        if (file != null) {
            builder.configFile(file.toString(), Files.readString(InputFiles.named(file)));
        }
        var listen = settings.listen();
        if (listen != null) {
            builder.listen(listen);
        }
        var data = settings.data();
        if (data != null) {
            builder.config("log.dirs", data);
        }
        builder.config(settings.settings());
        return builder.isOneOfSeveral() ? builder.metadataLog(ClusterModules.metadataLog()) : builder;
    }

    /**
     * A signal is the ordinary way to stop a server, so the process ends as one that did its work. It may come while the server starts; one
     * whose start has failed ends by itself.
     */
    private void stop(CompletableFuture<RunningServer> starting) {
        if (starting.isCompletedExceptionally()) {
            return;
        }
        told.complete(null);
        starting.handle((running, failure) -> running).thenAccept(Server::close).join();
        terminal.out().println("Thalweg stopped");
        terminal.out().flush();
        Runtime.getRuntime().halt(ExitCode.DONE);
    }

    private static void close(@Nullable RunningServer running) {
        if (running != null) {
            running.close();
        }
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
