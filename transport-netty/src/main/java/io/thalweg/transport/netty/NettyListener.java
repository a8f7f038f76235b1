package io.thalweg.transport.netty;

import io.netty.channel.Channel;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound server socket. Any thread. */
final class NettyListener implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(NettyListener.class);
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final Endpoint endpoint;
    private final Channel channel;
    private final Admission admission;
    private final BooleanSupplier onEventLoop;

    /**
     * Makes the listener of a bound channel.
     *
     * @param onEventLoop whether the calling thread is an event loop and so must not wait
     */
    NettyListener(Endpoint endpoint, Channel channel, Admission admission, BooleanSupplier onEventLoop) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.admission = admission;
        this.onEventLoop = onEventLoop;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public int connectionCount() {
        return admission.count();
    }

    @Override
    public long refusedCount() {
        return admission.refusedCount();
    }

    @Override
    public void close() {
        if (channel.eventLoop().isShuttingDown()) {
            // The transport closes, and closed its listeners first.
            return;
        }
        var closed = new CountDownLatch(1);
        channel.close().addListener(unbound -> afterNextSelect(closed::countDown));
        if (!onEventLoop.getAsBoolean()) {
            await(closed);
        }
    }

    /** With NIO a closed channel lets go of its port when the event loop has looked for events once more. */
    @SuppressWarnings("FutureReturnValueIgnored") // Nothing can go wrong in it.
    private void afterNextSelect(Runnable task) {
        try {
            channel.eventLoop().schedule(task, 0, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private static void await(CountDownLatch closed) {
        try {
            if (!closed.await(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a listener did not close within {} ms", CLOSE_TIMEOUT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
