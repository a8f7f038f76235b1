package io.thalweg.simulation.world;

import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import java.util.function.Function;

/** A name on the network. Owned by the scheduler. */
final class SimulatedListener implements Listener {

    private final SimulatedTransport transport;
    private final Endpoint endpoint;
    private final Function<Connection, ConnectionHandler> acceptor;

    SimulatedListener(
            SimulatedTransport transport, Endpoint endpoint, Function<Connection, ConnectionHandler> acceptor) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.acceptor = acceptor;
    }

    SimulatedTransport transport() {
        return transport;
    }

    Function<Connection, ConnectionHandler> acceptor() {
        return acceptor;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public int connectionCount() {
        return 0;
    }

    @Override
    public long refusedCount() {
        return 0;
    }

    @Override
    public void close() {
        transport.network().unbind(this);
    }
}
