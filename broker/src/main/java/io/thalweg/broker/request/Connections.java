package io.thalweg.broker.request;

import io.thalweg.broker.runtime.Patience;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients' connections, from the moment they are accepted. What arrives before {@link #serve} waits unread; {@link #close} lets what
 * was begun be answered. Any thread.
 */
public final class Connections implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Connections.class);
    private static final long DRAIN_LIMIT_MILLIS = 3_000;

    private final Function<String, RequestRouter> routers;
    private final Clock clock;
    private final Patience patience;
    private final RequestListener listener;
    private final Throttle throttle;
    /** In the order in which they came, so that a simulated run repeats. Guarded by itself. */
    private final Set<ClientConnection> open = new LinkedHashSet<>();

    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private volatile boolean isServing;
    private volatile boolean isServingBrokers;
    private volatile boolean isClosing;

    /**
     * No connections yet.
     *
     * @param routers who answers what comes through the listener of a name
     * @param patience how the close waits for answers
     * @param throttle makes clients wait
     */
    public Connections(
            Function<String, RequestRouter> routers,
            Clock clock,
            Patience patience,
            RequestListener listener,
            Throttle throttle) {
        this.routers = routers;
        this.clock = clock;
        this.patience = patience;
        this.listener = listener;
        this.throttle = throttle;
    }

    /** Takes a new connection of a listener in; on its event loop. */
    public ConnectionHandler accept(Connection connection, String listenerName) {
        var client = new ClientConnection(
                connection, listenerName, routers.apply(listenerName), clock, listener, throttle, this::gone);
        synchronized (open) {
            open.add(client);
        }
        if (isClosing) {
            connection.close();
        } else if (!isServing) {
            client.awaitService(isServingBrokers);
        }
        client.await(throttle.turn(connection.remote().host(), listenerName));
        return client;
    }

    /** Begins to answer what brokers ask each other; before there are any connections. */
    public void serveBrokers() {
        isServingBrokers = true;
    }

    /** Begins to answer. */
    public void serve() {
        isServing = true;
        snapshot().forEach(client -> client.eventLoop().execute(client::serve));
    }

    private List<ClientConnection> snapshot() {
        synchronized (open) {
            return List.copyOf(open);
        }
    }

    public int count() {
        synchronized (open) {
            return open.size();
        }
    }

    private void gone(ClientConnection client) {
        synchronized (open) {
            open.remove(client);
        }
        checkDrained();
    }

    private void checkDrained() {
        if (isClosing && count() == 0) {
            drained.complete(null);
        }
    }

    /** Takes no more requests, waits a bounded time for the answers to those that were begun, and closes the connections. */
    @Override
    public void close() {
        isClosing = true;
        snapshot().forEach(client -> client.eventLoop().execute(client::drain));
        checkDrained();
        try {
            patience.await(drained, DRAIN_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("{} connections had requests unanswered after {} ms; closing them", count(), DRAIN_LIMIT_MILLIS);
        }
        snapshot().forEach(ClientConnection::closeNow);
    }
}
