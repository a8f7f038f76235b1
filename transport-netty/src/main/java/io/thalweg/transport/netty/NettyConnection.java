package io.thalweg.transport.netty;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.OutboundFrame;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over a socket. Owned by its event loop, except for what is atomic or volatile.
 *
 * <p>Netty's events arrive through {@link ConnectionEvents}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What goes wrong with a channel is heard of by its events.
final class NettyConnection implements Connection {

    private static final Logger LOG = LoggerFactory.getLogger(NettyConnection.class);

    /** How long what was sent may take to leave when the connection is closed. */
    private static final long DRAIN_MILLIS = 5_000;
    /** How long the peer may take to close its side then; closing earlier could make the kernel take back what has left. */
    private static final long LINGER_MILLIS = 1_000;

    private final SocketChannel channel;
    private final NettyEventLoop loop;
    private final Endpoint remote;
    private final Intake intake;
    private volatile boolean closing;

    private @Nullable ConnectionHandler handler;
    private @Nullable Throwable cause;
    private boolean flushIsDue;
    private boolean toldWritable = true;
    private boolean hasCeasedToBeWritable;
    private boolean isEnding;

    NettyConnection(
            SocketChannel channel,
            NettyEventLoop loop,
            Endpoint remote,
            TransportLimits limits,
            ByteAllowance allowance) {
        this.channel = channel;
        this.loop = loop;
        this.remote = remote;
        this.intake = new Intake(channel, limits, allowance, this::execute, this::give, this::fail);
    }

    /** Asks for the handler; from now on frames may be given. */
    void start(Function<Connection, ConnectionHandler> handlers) {
        assert loop.isCurrent();
        handler = handlers.apply(this);
        intake.timeouts().start();
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public Endpoint remote() {
        return remote;
    }

    Intake intake() {
        return intake;
    }

    private void give(Frame frame) {
        requireNonNull(handler).received(frame);
    }

    @Override
    public void reading(boolean wanted) {
        assert loop.isCurrent();
        intake.gate().want(wanted);
    }

    @Override
    public OutboundFrame newFrame(int bufferBytes) {
        assert loop.isCurrent();
        return new NettyOutboundFrame(channel.alloc(), bufferBytes);
    }

    @Override
    public void send(OutboundFrame frame) {
        assert loop.isCurrent();
        var outbound = (NettyOutboundFrame) frame;
        if (closing) {
            outbound.close();
            return;
        }
        if (!flushIsDue) {
            flushIsDue = true;
            loop.flushAfterTurn(this);
        }
        try {
            outbound.writeTo(channel);
        } catch (IOException e) {
            fail(new TransportException("a slice to send could not be read", e));
        }
        hasCeasedToBeWritable |= !channel.isWritable();
    }

    /** Lets go what was sent in this turn. */
    void flush() {
        flushIsDue = false;
        if (hasCeasedToBeWritable) {
            // Told even if the flush changes it back: who has asked in between waits to be told.
            hasCeasedToBeWritable = false;
            tellWritability(false);
        }
        channel.flush();
        intake.timeouts().active();
        tellWritability(channel.isWritable());
    }

    /** Netty found the channel to be writable again, or not any more; the end of the turn tells of what a send did. */
    void writabilityChanged() {
        if (!flushIsDue) {
            tellWritability(channel.isWritable());
        }
    }

    private void tellWritability(boolean writable) {
        if (writable == toldWritable || closing || handler == null) {
            return;
        }
        toldWritable = writable;
        try {
            handler.writabilityChanged(writable);
        } catch (Throwable e) {
            fail(e);
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable() && !closing;
    }

    @Override
    public void close() {
        closing = true;
        if (loop.isCurrent()) {
            intake.end();
        }
        execute(this::closeInOrder);
    }

    private void closeInOrder() {
        if (isEnding) {
            return;
        }
        isEnding = true;
        intake.end();
        if (!channel.isActive()) {
            channel.close();
            return;
        }
        // What still comes is read and dropped, so that the peer's close is noticed.
        Sockets.readAgain(channel);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> shutDownOutput());
        closeAfter(DRAIN_MILLIS);
    }

    private void shutDownOutput() {
        if (channel.isActive()) {
            channel.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            closeAfter(LINGER_MILLIS);
        } else {
            channel.close();
        }
    }

    private void closeAfter(long millis) {
        var timer = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }

    /** Closes at once, dropping what was not sent. */
    private void fail(Throwable reason) {
        assert loop.isCurrent();
        if (!isEnding) {
            LOG.debug("closing the connection with {}", remote, reason);
            cause = reason instanceof TransportException known ? named(known) : reason;
        }
        closing = true;
        isEnding = true;
        intake.end();
        channel.close();
    }

    private TransportException named(TransportException reason) {
        return new TransportException("connection with " + remote + ": " + reason.getMessage(), reason.getCause());
    }

    /** Netty met with an exception on the channel. */
    void broke(Throwable reason) {
        if (!(reason instanceof ReadingStopped)) {
            fail(new TransportException(String.valueOf(reason.getMessage()), reason));
        }
    }

    /** The channel is closed. */
    void ended() {
        if (!isEnding && intake.cutter().isMidFrame()) {
            cause = named(
                    new TransportException("ended after " + intake.cutter().progress(), null));
        }
        closing = true;
        isEnding = true;
        intake.end();
        if (handler != null) {
            try {
                handler.closed(cause);
            } catch (Throwable e) {
                LOG.error("the handler of the connection with {} threw when it closed", remote, e);
            }
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("connection with {}: its transport is closed", remote);
        }
    }
}
