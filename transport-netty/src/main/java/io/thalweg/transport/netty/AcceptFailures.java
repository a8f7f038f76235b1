package io.thalweg.transport.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.thalweg.spi.transport.Endpoint;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a listener cannot accept connections, as where the descriptors of the process are used up; Netty tries again each second.
 * Confined to the listener's event loop.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

    private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Endpoint endpoint;
    private long nextNanos = System.nanoTime();

    AcceptFailures(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        var now = System.nanoTime();
        if (now - nextNanos >= 0) {
            nextNanos = now + REST_NANOS;
            LOG.warn(
                    "no connection is accepted at {}: {}. Clients wait and are tried again each second; if descriptors are used up,"
                            + " raise the limit of the process (ulimit -n)",
                    endpoint,
                    failure.getMessage());
        }
    }
}
