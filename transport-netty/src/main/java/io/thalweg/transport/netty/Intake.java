package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes in on a connection: reads while the gate is open, cuts frames and gives them. Owned by the event loop; woken by any thread.
 *
 * <p>Reading stops when the gate is found shut at the next read, so a gate that is shut for a moment only costs nothing. What was read
 * and not cut by then waits here; it is never more than one buffer.
 */
final class Intake {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final SocketChannel channel;
    private final Executor loop;
    private final Consumer<Frame> receiver;
    private final Consumer<Throwable> whenBroken;
    private final ReadGate gate;
    private final FrameCutter cutter;
    private final ConnectionTimeouts timeouts;

    private final AtomicBoolean wakeIsDue = new AtomicBoolean();
    private @Nullable ByteBuf uncut;
    private boolean hasEnded;

    /**
     * Makes the intake of a channel.
     *
     * @param loop runs tasks on the event loop
     * @param receiver is given the frames; what it throws closes the connection
     * @param whenBroken hears of a reason to close the connection
     */
    Intake(
            SocketChannel channel,
            TransportLimits limits,
            ByteAllowance allowance,
            Executor loop,
            Consumer<Frame> receiver,
            Consumer<Throwable> whenBroken) {
        this.channel = channel;
        this.loop = loop;
        this.receiver = receiver;
        this.whenBroken = whenBroken;
        this.gate = new ReadGate(limits, allowance, this::wake);
        this.cutter = new FrameCutter(limits.maxFrameBytes(), channel.alloc(), gate, this::give);
        this.timeouts = new ConnectionTimeouts(channel, limits, cutter, gate, whenBroken);
    }

    ReadGate gate() {
        return gate;
    }

    FrameCutter cutter() {
        return cutter;
    }

    ConnectionTimeouts timeouts() {
        return timeouts;
    }

    /** Where the channel is to read to, or null for a buffer of its own; throws {@link ReadingStopped} if it is not to read now. */
    @Nullable ByteBuf target() {
        if (hasEnded) {
            return null;
        }
        if (uncut == null && gate.isOpen(cutter.isMidFrame())) {
            return cutter.target();
        }
        stopReading();
        throw new ReadingStopped();
    }

    private void stopReading() {
        // Epoll tells of a reset again and again, even while nothing is read.
        if (Sockets.isReset(channel)) {
            loop.execute(() -> whenBroken.accept(new TransportException("reset by the peer", null)));
        }
        channel.config().setAutoRead(false);
    }

    /** Bytes came; they are given. */
    void read(ByteBuf bytes) {
        assert uncut == null;
        timeouts.active();
        if (hasEnded) {
            bytes.release();
        } else {
            cut(bytes);
        }
    }

    /** The channel has read what there was for now. */
    void readComplete() {
        if (!hasEnded) {
            timeouts.watchFrame();
        }
    }

    private void cut(ByteBuf bytes) {
        try {
            cutter.cut(bytes);
        } catch (TransportException e) {
            tellOfStranger(e);
            whenBroken.accept(e);
        } finally {
            // Also when memory for the frame could not be had, which Netty tells by an error.
            if (bytes.isReadable() && !hasEnded) {
                uncut = bytes;
            } else {
                bytes.release();
            }
        }
    }

    /** Who connected here may be one who does not know with whom; who was connected to is told by what it asked. */
    private void tellOfStranger(TransportException reason) {
        if (channel.parent() != null) {
            LOG.warn("closing the connection from {}: {}", channel.remoteAddress(), reason.getMessage());
        }
    }

    private void give(ByteBuf payload, int countedBytes) {
        var withPass = gate.give(payload.readableBytes(), countedBytes);
        var frame = new NettyFrame(payload, gate, withPass);
        try {
            receiver.accept(frame);
        } catch (Throwable e) {
            frame.close();
            whenBroken.accept(e);
        }
    }

    /** Has the event loop try to read on; any thread. */
    private void wake() {
        if (wakeIsDue.compareAndSet(false, true)) {
            loop.execute(this::readOn);
        }
    }

    private void readOn() {
        wakeIsDue.set(false);
        var bytes = uncut;
        if (bytes != null) {
            uncut = null;
            cut(bytes);
            readComplete();
        }
        if (uncut == null && !hasEnded && gate.isOpen(cutter.isMidFrame())) {
            Sockets.readAgain(channel);
        }
    }

    /** Gives no more frames; what still comes is dropped. Idempotent, also from within the receiver. */
    void end() {
        hasEnded = true;
        gate.shut();
        cutter.close();
        timeouts.stop();
        if (uncut != null) {
            uncut.release();
            uncut = null;
        }
    }
}
