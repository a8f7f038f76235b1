package io.thalweg.memory.network;

import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** A name on the network. Any thread. */
final class NetworkListener implements Listener {

    private final Endpoint endpoint;
    private final TransportLimits limits;
    private final Function<Connection, ConnectionHandler> acceptor;
    private final ByteAllowance allowance;
    private final Consumer<NetworkListener> unbind;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();

    NetworkListener(
            Endpoint endpoint,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> acceptor,
            Consumer<NetworkListener> unbind) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.acceptor = acceptor;
        this.allowance = new ByteAllowance(limits.maxBytesInAll());
        this.unbind = unbind;
    }

    /** Counts a connection in, or counts it as refused; all come from one address, the process. */
    boolean admits() {
        var max = Math.min(limits.maxConnections(), limits.maxConnectionsPerAddress());
        if (connections.incrementAndGet() <= max) {
            return true;
        }
        connections.decrementAndGet();
        refused.incrementAndGet();
        return false;
    }

    void connectionClosed() {
        connections.decrementAndGet();
    }

    TransportLimits limits() {
        return limits;
    }

    ByteAllowance allowance() {
        return allowance;
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
        return connections.get();
    }

    @Override
    public long refusedCount() {
        return refused.get();
    }

    @Override
    public void close() {
        unbind.accept(this);
    }
}
