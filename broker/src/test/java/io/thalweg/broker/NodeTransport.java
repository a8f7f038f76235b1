package io.thalweg.broker;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** One node's end of a network, which can be cut off: its connections end, in both directions, and none is made. Any thread. */
final class NodeTransport implements Transport {

    private final Transport network;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean isCutOff;

    NodeTransport(Transport network) {
        this.network = network;
    }

    void cutOff() {
        isCutOff = true;
        connections.forEach(Connection::close);
        connections.clear();
    }

    void rejoin() {
        isCutOff = false;
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        return network.listen(endpoint, limits, connection -> {
            var handler = acceptor.apply(connection);
            note(connection);
            return handler;
        });
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        if (isCutOff) {
            return CompletableFuture.failedFuture(
                    new TransportException("connect to " + endpoint + ": cut off by the test", null));
        }
        return network.connect(endpoint, limits, connection -> {
            var made = handler.apply(connection);
            note(connection);
            return made;
        });
    }

    @Override
    public ConnectingLoop openLoop(String name) {
        throw new IllegalStateException("no event loop " + name + " on a network that can be cut off");
    }

    private void note(Connection connection) {
        connections.add(connection);
        if (isCutOff) {
            connection.close();
        }
    }

    @Override
    public void close() {}
}
