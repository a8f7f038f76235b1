package io.thalweg.testing;

import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A transport whose accepted connections can be held up and cut. Any thread may call; closing it leaves the other transport open. */
final class PausableTransport implements Transport {

    private final Transport transport;
    private final Set<Held> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean isPaused;

    PausableTransport(Transport transport) {
        this.transport = transport;
    }

    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
        List.copyOf(connections).forEach(Held::deliverSoon);
    }

    void disconnect() {
        List.copyOf(connections).forEach(Held::disconnect);
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        return transport.listen(endpoint, limits, connection -> {
            var held = new Held(connection, acceptor.apply(connection));
            connections.add(held);
            return held;
        });
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        return transport.connect(endpoint, limits, handler);
    }

    @Override
    public void close() {}

    /** One accepted connection. Owned by its event loop. */
    private final class Held implements ConnectionHandler {

        private final Connection connection;
        private final ConnectionHandler handler;
        private final ArrayDeque<Frame> frames = new ArrayDeque<>();

        Held(Connection connection, ConnectionHandler handler) {
            this.connection = connection;
            this.handler = handler;
        }

        @Override
        public void received(Frame frame) {
            if (isPaused || !frames.isEmpty()) {
                frames.add(frame);
            } else {
                handler.received(frame);
            }
        }

        void deliverSoon() {
            try {
                connection.eventLoop().execute(this::deliver);
            } catch (RejectedExecutionException ended) {
                connections.remove(this);
            }
        }

        private void deliver() {
            while (!isPaused && !frames.isEmpty()) {
                handler.received(frames.remove());
            }
        }

        void disconnect() {
            connection.close();
        }

        @Override
        public void writabilityChanged(boolean writable) {
            handler.writabilityChanged(writable);
        }

        @Override
        public void closed(@Nullable Throwable cause) {
            connections.remove(this);
            frames.forEach(Frame::close);
            frames.clear();
            handler.closed(cause);
        }
    }
}
