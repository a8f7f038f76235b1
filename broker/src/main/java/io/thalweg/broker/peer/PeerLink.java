package io.thalweg.broker.peer;

import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Frame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a {@link Peer}: writes requests, matches answers to them and carries those over to the owner's event loop. Owned by
 * the connection's event loop, but for {@link #send} and {@link #close}.
 */
final class PeerLink implements ConnectionHandler {

    private static final Logger log = LoggerFactory.getLogger(PeerLink.class);

    private final Peer peer;
    private final String clientId;
    private final Connection connection;
    private final ArrayDeque<PeerCall<?>> inFlight = new ArrayDeque<>();
    private int firstCorrelationId;
    private volatile boolean isClosed;

    PeerLink(Peer peer, String clientId, Connection connection) {
        this.peer = peer;
        this.clientId = clientId;
        this.connection = connection;
    }

    /** Sends the request behind those that were sent before. Any thread. */
    void send(PeerCall<?> call) {
        connection.eventLoop().execute(() -> write(call));
    }

    private void write(PeerCall<?> call) {
        if (isClosed) {
            return;
        }
        try {
            call.write(connection, firstCorrelationId + inFlight.size(), clientId);
            inFlight.add(call);
        } catch (RuntimeException e) {
            log.error("{} to {} could not be written; closing the connection", call.api(), peer, e);
            connection.close();
        }
    }

    @Override
    public void received(Frame frame) {
        var call = inFlight.poll();
        if (call == null) {
            throw new IllegalStateException(peer + " answered what was not asked");
        }
        deliver(call, frame, firstCorrelationId++);
    }

    private <R extends ResponseMessage> void deliver(PeerCall<R> call, Frame frame, int correlationId) {
        var answer = call.read(frame, correlationId);
        if (!peer.hop(() -> peer.answered(call, answer))) {
            answer.close();
        }
    }

    @Override
    public void writabilityChanged(boolean writable) {}

    @Override
    public void closed(@Nullable Throwable cause) {
        isClosed = true;
        peer.hop(() -> peer.lost(this, cause));
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Any thread. */
    void close() {
        connection.close();
    }
}
