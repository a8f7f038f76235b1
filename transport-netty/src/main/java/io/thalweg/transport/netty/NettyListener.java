package io.thalweg.transport.netty;

import io.netty.channel.Channel;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import java.util.function.BooleanSupplier;

/** A bound server socket. Any thread. */
final class NettyListener implements Listener {

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
        var closing = channel.close();
        if (!onEventLoop.getAsBoolean()) {
            closing.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
        }
    }
}
