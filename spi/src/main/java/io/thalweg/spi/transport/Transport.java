package io.thalweg.spi.transport;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Listens and connects.
 *
 * <p><b>Threads.</b> Any thread. Each connection belongs to one event loop for its life; its handler is called there only.
 *
 * <p><b>Errors.</b> Stages fail with {@link TransportException} that names the endpoint (TRANSPORT-1).
 *
 * <p><b>Close.</b> Idempotent; closes listeners and connections, then ends the event loops and waits for them a bounded time
 * (TRANSPORT-2). Nothing is leaked: threads, descriptors and memory are given back (TRANSPORT-3).
 */
public interface Transport extends AutoCloseable {

    /**
     * Binds an endpoint.
     *
     * @param acceptor gives the handler of a new connection; called on the connection's event loop before anything is read
     */
    CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor);

    /** Connects; the handler is asked for as in {@link #listen}. */
    CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler);

    /**
     * Opens an event loop of the caller's own.
     *
     * @param name begins the name of its thread
     * @throws TransportException if there can be none, because the transport is closed
     */
    ConnectingLoop openLoop(String name);

    @Override
    void close();
}
