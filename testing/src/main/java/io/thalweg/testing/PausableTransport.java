package io.thalweg.testing;

import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.OutboundFrame;
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

/**
 * A transport whose accepted connections can be held up, each way or both, and cut. Any thread may call; closing it leaves the other
 * transport open.
 */
final class PausableTransport implements Transport {

    private final Transport transport;
    private final Set<Held> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean isPaused;
    private volatile boolean isCut;
    private volatile boolean isSevered;

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

    /** Nothing arrives and nothing leaves, and nobody is told. */
    void cut() {
        isCut = true;
    }

    /** What was held up on either way arrives. */
    void heal() {
        isCut = false;
        List.copyOf(connections).forEach(Held::deliverSoon);
    }

    /** For ever: what is sent from here on is lost, and connections end. */
    void sever() {
        isSevered = true;
        disconnect();
    }

    void disconnect() {
        List.copyOf(connections).forEach(Held::disconnect);
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        return transport.listen(endpoint, limits, connection -> {
            var held = new Held(connection, acceptor);
            connections.add(held);
            if (isSevered) {
                connection.close();
            }
            return held;
        });
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        return transport.connect(endpoint, limits, handler);
    }

    @Override
    public ConnectingLoop openLoop(String name) {
        return transport.openLoop(name);
    }

    @Override
    public void close() {}

    /** One accepted connection. Owned by its event loop. */
    private final class Held implements ConnectionHandler, Connection {

        private final Connection connection;
        private final ConnectionHandler handler;
        private final ArrayDeque<Frame> frames = new ArrayDeque<>();
        private final ArrayDeque<OutboundFrame> answers = new ArrayDeque<>();

        @SuppressWarnings("ThisEscapedInObjectConstruction") // Who accepts a connection sends nothing yet.
        Held(Connection connection, Function<Connection, ConnectionHandler> acceptor) {
            this.connection = connection;
            this.handler = acceptor.apply(this);
        }

        @Override
        public void received(Frame frame) {
            if (isSevered) {
                frame.close();
            } else if (isPaused || isCut || !frames.isEmpty()) {
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
            while (!isCut && !answers.isEmpty()) {
                connection.send(answers.remove());
            }
            while (!isPaused && !isCut && !frames.isEmpty()) {
                handler.received(frames.remove());
            }
        }

        @Override
        public void send(OutboundFrame frame) {
            if (isSevered) {
                frame.close();
            } else if (isCut || !answers.isEmpty()) {
                answers.add(frame);
            } else {
                connection.send(frame);
            }
        }

        @Override
        public OutboundFrame newFrame(int bufferBytes) {
            return connection.newFrame(bufferBytes);
        }

        @Override
        public EventLoop eventLoop() {
            return connection.eventLoop();
        }

        @Override
        public Endpoint remote() {
            return connection.remote();
        }

        @Override
        public boolean isWritable() {
            return connection.isWritable();
        }

        @Override
        public void reading(boolean wanted) {
            connection.reading(wanted);
        }

        @Override
        public void close() {
            connection.close();
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
            answers.forEach(OutboundFrame::close);
            answers.clear();
            handler.closed(cause);
        }
    }
}
