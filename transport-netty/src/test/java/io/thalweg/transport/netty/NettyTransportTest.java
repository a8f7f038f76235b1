package io.thalweg.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.tck.transport.TransportSuite;

/** As users get it: epoll where there is, and pooled memory. */
final class NettyTransportTest extends TransportSuite {

    @Override
    protected Transport open(TransportContext context) {
        return NettyTransport.open(context);
    }

    @Override
    protected long heldMemoryBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
