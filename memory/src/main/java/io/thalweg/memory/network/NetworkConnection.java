package io.thalweg.memory.network;

import static java.util.Objects.requireNonNull;

import io.thalweg.memory.network.NetworkLoop.Alarm;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.OutboundFrame;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection. Owned by its event loop, except for what is atomic or volatile.
 *
 * <p>What this end sends is gathered for the turn, then put into the other end's {@link Inbox}. Bytes count as waiting to be sent until
 * the other end takes them.
 */
final class NetworkConnection implements Connection, Inbox.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkConnection.class);

    private final NetworkLoop loop;
    private final Endpoint remote;
    private final TransportLimits limits;
    private final AtomicInteger openFrames;
    private final Consumer<NetworkConnection> whenClosed;
    private final Inbox inbox;

    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile boolean writable = true;

    private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>();
    private @Nullable NetworkConnection peer;
    private @Nullable ConnectionHandler handler;
    private @Nullable Alarm idleAlarm;
    private long lastActivityNanos;
    private boolean flushIsDue;
    private boolean toldWritable = true;
    private boolean hasCeasedToBeWritable;

    NetworkConnection(
            NetworkLoop loop,
            Endpoint remote,
            TransportLimits limits,
            ByteAllowance allowance,
            AtomicInteger openFrames,
            Consumer<NetworkConnection> whenClosed) {
        this.loop = loop;
        this.remote = remote;
        this.limits = limits;
        this.openFrames = openFrames;
        this.whenClosed = whenClosed;
        this.inbox = new Inbox(limits, allowance, this::executeUnlessEnded, this);
    }

    /** Joins two ends, before either starts. */
    static void join(NetworkConnection one, NetworkConnection other) {
        one.peer = other;
        other.peer = one;
    }

    Inbox inbox() {
        return inbox;
    }

    boolean isClosed() {
        return closed;
    }

    /** Asks for the handler and begins to read; on the event loop. Throws what the function throws, after closing. */
    void start(Function<Connection, ConnectionHandler> handlers) {
        assert loop.isCurrent();
        if (closed) {
            throw new TransportException("connection with " + remote + " was closed as it began", null);
        }
        try {
            handler = handlers.apply(this);
        } catch (Throwable e) {
            finish(e);
            throw e;
        }
        lastActivityNanos = System.nanoTime();
        idleAlarm = loop.schedule(limits.idleTimeout().toNanos(), this::idleAlarmRang);
        inbox.wake();
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
        assert loop.isCurrent();
        return new InProcessOutboundFrame(bufferBytes, openFrames);
    }

    @Override
    public void send(OutboundFrame frame) {
        assert loop.isCurrent();
        var outbound = (InProcessOutboundFrame) frame;
        if (closing) {
            outbound.close();
            return;
        }
        try {
            var payload = outbound.take();
            outgoing.add(payload);
            if (waitingBytes.addAndGet(payload.remaining()) > limits.writableBytes()) {
                writable = false;
                hasCeasedToBeWritable = true;
            }
            flushAfterTurn();
        } catch (IOException e) {
            fail(new TransportException("a slice to send to " + remote + " could not be read", e));
        }
    }

    private void flushAfterTurn() {
        if (!flushIsDue) {
            flushIsDue = true;
            loop.flushAfterTurn(this);
        }
    }

    /** Hands over what was sent in this turn and tells of changed writability. */
    void flush() {
        assert loop.isCurrent();
        flushIsDue = false;
        if (hasCeasedToBeWritable) {
            // Told even if that has changed back: who has asked in between waits to be told.
            hasCeasedToBeWritable = false;
            tellWritability(false);
        }
        if (!outgoing.isEmpty()) {
            handOver();
        }
        tellWritability(writable);
    }

    private void tellWritability(boolean isWritable) {
        if (handler != null && !closed && toldWritable != isWritable) {
            toldWritable = isWritable;
            guarded(() -> requireNonNull(handler).writabilityChanged(isWritable));
        }
    }

    private void handOver() {
        lastActivityNanos = System.nanoTime();
        var other = peer;
        if (other != null && !other.isClosed()) {
            other.inbox.put(outgoing);
        } else {
            // Nobody takes it any more.
            outgoing.forEach(payload -> waitingBytes.addAndGet(-payload.remaining()));
            writable = true;
        }
        outgoing.clear();
    }

    @Override
    public boolean isWritable() {
        return writable && !closing;
    }

    /** The other end took bytes; called on its event loop. */
    private void taken(int bytes) {
        if (waitingBytes.addAndGet(-bytes) <= limits.writableBytes() / 2 && !writable) {
            executeUnlessEnded(() -> {
                writable = waitingBytes.get() <= limits.writableBytes();
                flush();
            });
        }
    }

    @Override
    public void reading(boolean wanted) {
        assert loop.isCurrent();
        inbox.want(wanted);
    }

    @Override
    public boolean isReady() {
        return handler != null && !closing;
    }

    @Override
    public void take(ByteBuffer bytes) {
        var size = bytes.remaining();
        lastActivityNanos = System.nanoTime();
        if (peer != null) {
            peer.taken(size);
        }
        if (size > limits.maxFrameBytes()) {
            fail(new TransportException(
                    "frame of " + size + " bytes from " + remote + ": expected at most " + limits.maxFrameBytes(),
                    null));
            return;
        }
        inbox.held(size);
        openFrames.incrementAndGet();
        var frame = new InProcessFrame(bytes, this);
        if (!guarded(() -> requireNonNull(handler).received(frame))) {
            frame.close();
        }
    }

    /** A frame was closed; from any thread. */
    void gaveBack(int bytes) {
        openFrames.decrementAndGet();
        inbox.gaveBack(bytes);
    }

    @Override
    public void end() {
        finish(null);
    }

    private void idleAlarmRang() {
        var remaining = limits.idleTimeout().toNanos() - (System.nanoTime() - lastActivityNanos);
        if (remaining <= 0) {
            fail(new TransportException("connection with " + remote + " was idle for " + limits.idleTimeout(), null));
        } else {
            idleAlarm = loop.schedule(remaining, this::idleAlarmRang);
        }
    }

    @Override
    public void close() {
        if (!closing) {
            closing = true;
            executeUnlessEnded(() -> {
                handOver();
                finish(null);
            });
        }
    }

    /** Closes at once, dropping what was not handed over. */
    private void fail(Throwable cause) {
        LOG.debug("closing the connection with {}", remote, cause);
        executeUnlessEnded(() -> finish(cause));
        closing = true;
    }

    private void finish(@Nullable Throwable cause) {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        dropWhatIsLeft();
        whenClosed.accept(this);
        if (handler != null) {
            try {
                handler.closed(cause);
            } catch (Throwable e) {
                LOG.error("the handler of the connection with {} threw when it closed", remote, e);
            }
        }
    }

    private void dropWhatIsLeft() {
        outgoing.clear();
        inbox.drop();
        if (idleAlarm != null) {
            loop.cancel(idleAlarm);
        }
        if (peer != null) {
            peer.inbox.end();
        }
    }

    /** Calls the handler; what it throws closes the connection. */
    private boolean guarded(Runnable call) {
        try {
            call.run();
            return true;
        } catch (Throwable e) {
            fail(e);
            return false;
        }
    }

    private void executeUnlessEnded(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("connection with {}: its network is closed", remote);
        }
    }
}
