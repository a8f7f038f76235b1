package io.thalweg.simulation.world;

import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.OutboundFrame;
import io.thalweg.spi.transport.TransportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection. What it sends arrives at the other end in order; the other end learns of its end, and of the death of its
 * process, the same way. Owned by the scheduler.
 */
final class SimulatedConnection implements Connection {

    private static final Logger log = LoggerFactory.getLogger(SimulatedConnection.class);

    private final SimulatedTransport transport;
    private final SimulatedEventLoop loop;
    private final Endpoint remote;
    private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();

    /** What could not leave because the way is cut. */
    private final ArrayDeque<Runnable> heldBack = new ArrayDeque<>();

    private @Nullable SimulatedConnection peer;
    private @Nullable ConnectionHandler handler;
    private long lastArrivalNanos;
    private boolean isReading = true;
    private boolean isClosing;
    private boolean isClosed;
    private boolean isEndedByPeer;

    SimulatedConnection(SimulatedTransport transport, SimulatedEventLoop loop, Endpoint remote) {
        this.transport = transport;
        this.loop = loop;
        this.remote = remote;
    }

    /** Joins two ends that have not begun. */
    void join(SimulatedConnection other) {
        peer = other;
        other.peer = this;
        transport.network().opened(this);
        transport.network().opened(other);
        transport.process().atDeath(this::died);
        other.transport.process().atDeath(other::died);
    }

    /** Whether it leads from that process to any other than this one. */
    boolean leads(String from, String exceptTo) {
        return transport.process().toString().equals(from)
                && !peer().transport.process().toString().equals(exceptTo);
    }

    private Lane lane() {
        return loop.lane();
    }

    private SimulatedConnection peer() {
        return Objects.requireNonNull(peer, "other end");
    }

    void begin(Function<Connection, ConnectionHandler> handlers) {
        if (isClosed) {
            return;
        }
        handler = handlers.apply(this);
        read();
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public Endpoint remote() {
        return remote;
    }

    @Override
    public OutboundFrame newFrame(int bufferBytes) {
        return new SimulatedOutboundFrame(bufferBytes);
    }

    @Override
    public void send(OutboundFrame frame) {
        assert lane().isCurrent();
        if (isClosing) {
            frame.close();
            return;
        }
        try {
            var payload = ((SimulatedOutboundFrame) frame).take();
            transmit(() -> peer().arrived(payload));
        } catch (IOException e) {
            fail(new TransportException("a slice to send to " + remote + " could not be read", e));
        }
    }

    /** Has something happen at the other end, behind what was sent before. */
    private void transmit(Runnable arrival) {
        if (!heldBack.isEmpty()
                || transport
                        .network()
                        .isCut(transport.process(), peer().transport.process())) {
            heldBack.add(arrival);
            return;
        }
        var scheduler = transport.process().scheduler();
        lastArrivalNanos = Math.max(
                lastArrivalNanos + 1, scheduler.nowNanos() + transport.network().latency());
        if (peer().transport.process().isDead()) {
            // The machine answers that there is no such connection.
            scheduler.at(
                    lastArrivalNanos,
                    lane(),
                    () -> finish(new TransportException("connection with " + remote + " was reset", null)));
        } else {
            scheduler.at(lastArrivalNanos, peer().lane(), arrival);
        }
    }

    /** The way is free again: what was sent in between is sent again, its end last of all. */
    void sendHeldBack() {
        if (heldBack.isEmpty()) {
            return;
        }
        var held = new ArrayDeque<>(heldBack);
        heldBack.clear();
        held.forEach(this::transmit);
        leaveWhenSent();
    }

    /** An end that is closed is of the network's until the other end can hear of it. */
    private void leaveWhenSent() {
        if (isClosed && heldBack.isEmpty()) {
            transport.network().closed(this);
        }
    }

    private void arrived(ByteBuffer payload) {
        if (isClosed) {
            // Whoever sends does not know yet, or was never told.
            transmit(() -> peer().reset());
        } else if (!isClosing) {
            unread.add(payload);
            read();
        }
    }

    private void read() {
        while (isReading && !isClosing && handler != null && !unread.isEmpty()) {
            var frame = new SimulatedFrame(unread.remove());
            try {
                handler.received(frame);
            } catch (RuntimeException | Error e) {
                frame.close();
                log.error("handler of a connection with {} threw", remote, e);
                fail(e);
            }
        }
        if (isEndedByPeer && unread.isEmpty()) {
            finish(null);
        }
    }

    @Override
    public boolean isWritable() {
        return !isClosing;
    }

    @Override
    public void reading(boolean wanted) {
        assert lane().isCurrent();
        isReading = wanted;
        if (wanted) {
            lane().post(this::read);
        }
    }

    @Override
    public void close() {
        if (!isClosing) {
            isClosing = true;
            lane().post(() -> finish(null));
        }
    }

    private void fail(Throwable cause) {
        if (!isClosing) {
            isClosing = true;
            lane().post(() -> finish(cause));
        }
    }

    /** What is sent from here arrives later by so much, whatever becomes of this end. */
    void delay(long nanos) {
        lastArrivalNanos =
                Math.max(lastArrivalNanos, transport.process().scheduler().nowNanos()) + nanos;
    }

    /** The same as {@link #reset}, later. */
    void resetAfter(long nanos) {
        var scheduler = transport.process().scheduler();
        scheduler.at(scheduler.nowNanos() + nanos, lane(), this::reset);
    }

    /** Both ends learn that there is no connection any more. */
    void reset() {
        fail(new TransportException("connection with " + remote + " was reset", null));
    }

    private void finish(@Nullable Throwable cause) {
        if (isClosed) {
            return;
        }
        isClosing = true;
        isClosed = true;
        unread.clear();
        transmit(() -> peer().endedByPeer());
        leaveWhenSent();
        if (handler != null) {
            handler.closed(cause);
        }
    }

    private void endedByPeer() {
        isEndedByPeer = true;
        read();
    }

    /** The process is dead; its machine tells the other end, unless it has lost its power: then it tells when it is asked. */
    private void died() {
        if (!isClosed) {
            isClosing = true;
            isClosed = true;
            if (!transport.process().isSilenced()) {
                transmit(() -> peer().endedByPeer());
            }
            leaveWhenSent();
        }
    }
}
