package io.thalweg.transport.netty;

import io.netty.channel.Channel;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds connections over which nothing goes, and frames that do not get on. Owned by the connection's event loop.
 *
 * <p>Timers are not moved when something happens; they look when they ring, and are set again for the rest. A connection has one
 * or two of them, whatever its traffic.
 */
final class ConnectionTimeouts {

    private final Channel channel;
    private final TransportLimits limits;
    private final FrameCutter cutter;
    private final ReadGate gate;
    private final Consumer<? super TransportException> whenLate;

    private long lastActivityNanos;
    private long lastPendingBytes;
    private long lastProgress;
    private long timedFrame;
    private @Nullable Future<?> idleTimer;
    private @Nullable Future<?> frameTimer;

    ConnectionTimeouts(
            Channel channel,
            TransportLimits limits,
            FrameCutter cutter,
            ReadGate gate,
            Consumer<? super TransportException> whenLate) {
        this.channel = channel;
        this.limits = limits;
        this.cutter = cutter;
        this.gate = gate;
        this.whenLate = whenLate;
    }

    void start() {
        lastActivityNanos = System.nanoTime();
        idleTimer = schedule(limits.idleTimeout().toNanos(), this::idleTimerRang);
    }

    /** Bytes came or went. */
    void active() {
        lastActivityNanos = System.nanoTime();
    }

    /** Watches the frame that was begun, if one was and no timer runs already. */
    void watchFrame() {
        if (frameTimer == null && cutter.isMidFrame()) {
            timeFrame();
        }
    }

    private void timeFrame() {
        timedFrame = cutter.frameCount();
        gate.wasHeldBack();
        frameTimer = schedule(limits.frameTimeout().toNanos(), this::frameTimerRang);
    }

    private void frameTimerRang() {
        frameTimer = null;
        if (!cutter.isMidFrame()) {
            return;
        }
        if (cutter.frameCount() == timedFrame && !gate.wasHeldBack()) {
            whenLate.accept(new TransportException(
                    "only " + cutter.progress() + " came within " + limits.frameTimeout(), null));
        } else {
            timeFrame();
        }
    }

    private void idleTimerRang() {
        if (sendingGetsOn()) {
            active();
        }
        var remaining = limits.idleTimeout().toNanos() - (System.nanoTime() - lastActivityNanos);
        if (remaining <= 0) {
            whenLate.accept(new TransportException("nothing came or went within " + limits.idleTimeout(), null));
        } else {
            idleTimer = schedule(remaining, this::idleTimerRang);
        }
    }

    /** Whether bytes of what waits to be sent have gone since last asked; a large slice goes without any event of its own. */
    private boolean sendingGetsOn() {
        var outbound = channel.unsafe().outboundBuffer();
        if (outbound == null) {
            return false;
        }
        var pendingBytes = outbound.totalPendingWriteBytes();
        var progress = outbound.currentProgress();
        var getsOn = pendingBytes != lastPendingBytes || progress != lastProgress;
        lastPendingBytes = pendingBytes;
        lastProgress = progress;
        return getsOn && pendingBytes > 0;
    }

    private Future<?> schedule(long delayNanos, Runnable task) {
        return channel.eventLoop().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (idleTimer != null) {
            idleTimer.cancel(false);
        }
        if (frameTimer != null) {
            frameTimer.cancel(false);
        }
    }
}
