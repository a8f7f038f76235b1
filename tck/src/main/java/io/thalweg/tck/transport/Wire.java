package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A transport in a test, with what is opened on it; checks at the end that its calls kept to the contract. */
final class Wire {

    /** How long anything may take that is awaited; generous, because test machines are slow. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final long POLL_NANOS = 2_000_000;

    private final Transport transport;
    private final Endpoint endpoint;
    private final List<RecordingHandler> handlers = new CopyOnWriteArrayList<>();

    Wire(Transport transport, Endpoint endpoint) {
        this.transport = transport;
        this.endpoint = endpoint;
    }

    Transport transport() {
        return transport;
    }

    /** Where a test listens; its port is 0. */
    Endpoint endpoint() {
        return endpoint;
    }

    /** A client and the server's end of its connection; both keep what they hear and close their frames. */
    Link link() throws InterruptedException {
        return link(TransportLimits.DEFAULT, RecordingHandler::new);
    }

    /** As {@link #link()}, with limits for the server's end. */
    Link link(TransportLimits serverLimits) throws InterruptedException {
        return link(serverLimits, RecordingHandler::new);
    }

    /** As {@link #link()}, with limits and a handler for the server's end. */
    Link link(TransportLimits serverLimits, Function<Connection, RecordingHandler> serverHandler)
            throws InterruptedException {
        var server = serve(serverLimits, serverHandler);
        var client = connect(server.listener().endpoint());
        return new Link(client, server.accepted());
    }

    /** A listener whose connections get this handler. */
    Server serve(TransportLimits limits, Function<Connection, RecordingHandler> handler) {
        var accepted = new LinkedBlockingQueue<RecordingHandler>();
        var listener = await(transport.listen(endpoint, limits, connection -> {
            var recording = kept(handler.apply(connection));
            accepted.add(recording);
            return recording;
        }));
        return new Server(listener, accepted);
    }

    RecordingHandler connect(Endpoint target) {
        return connect(target, TransportLimits.DEFAULT, RecordingHandler::new);
    }

    RecordingHandler connect(Endpoint target, TransportLimits limits, Function<Connection, RecordingHandler> handler) {
        return connected(handler, noting -> transport.connect(target, limits, noting));
    }

    RecordingHandler connect(ConnectingLoop loop, Endpoint target, Function<Connection, RecordingHandler> handler) {
        return connected(handler, noting -> loop.connect(target, TransportLimits.DEFAULT, noting));
    }

    private RecordingHandler connected(
            Function<Connection, RecordingHandler> handler,
            Function<Function<Connection, ConnectionHandler>, CompletionStage<Connection>> connecting) {
        var mine = new LinkedBlockingQueue<RecordingHandler>();
        await(connecting.apply(connection -> {
            var recording = kept(handler.apply(connection));
            mine.add(recording);
            return recording;
        }));
        return mine.remove();
    }

    private RecordingHandler kept(RecordingHandler handler) {
        handlers.add(handler);
        return handler;
    }

    void close() {
        transport.close();
        for (var handler : handlers) {
            assertThat(handler.misbehaviour()).isEmpty();
            assertThat(handler.closedCount()).as("calls of closed").isEqualTo(1);
        }
    }

    /** The seed in the system property, or a new one; for the failure to tell. */
    static long seed() {
        var given = System.getProperty("seed", "");
        return given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    }

    /** Waits until the claim holds. */
    static void until(String claim, BooleanSupplier holds) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(claim + ": not so within " + LIMIT);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** What the stage completes with, in time; what it fails with is thrown. */
    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** A handler that keeps its frames open until told to close them. */
    static Function<Connection, RecordingHandler> keeping(BlockingQueue<Frame> frames) {
        return connection -> new RecordingHandler(connection, frames::add);
    }

    /** Both ends of one connection. */
    record Link(RecordingHandler client, RecordingHandler server) {}

    /** A listener and the handlers of the connections it accepted. */
    record Server(Listener listener, BlockingQueue<RecordingHandler> queue) {

        RecordingHandler accepted() throws InterruptedException {
            var handler = queue.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(handler)
                    .as("connection accepted at %s", listener.endpoint())
                    .isNotNull();
            return handler;
        }
    }
}
