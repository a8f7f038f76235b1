package io.thalweg.transport.netty;

import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.tck.transport.TransportSuite;

final class NettyTransportTest extends TransportSuite {

    @Override
    protected Transport open(TransportContext context) {
        return NettyTransport.open(context);
    }
}
