package io.thalweg.transport.netty;

import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportProvider;

/** Provides {@link NettyTransport} under the name {@code netty}. */
public final class NettyTransportProvider implements TransportProvider {

    /** For {@link java.util.ServiceLoader}. */
    public NettyTransportProvider() {}

    @Override
    public String name() {
        return "netty";
    }

    @Override
    public Transport open(TransportContext context) {
        return NettyTransport.open(context);
    }
}
