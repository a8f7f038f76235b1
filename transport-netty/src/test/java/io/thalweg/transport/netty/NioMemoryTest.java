package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.tck.transport.TransportSuite;
import org.junit.jupiter.api.AfterEach;

/** NIO, with every byte of direct memory accounted for after each test. */
final class NioMemoryTest extends TransportSuite {

    private final CountedMemory memory = new CountedMemory();

    @Override
    protected Transport open(TransportContext context) {
        return NettyTransport.open(context, Sockets.nio(), memory.allocator());
    }

    @AfterEach
    void allMemoryIsGivenBack() {
        closeTransport();
        assertThat(memory.usedBytes()).isZero();
    }
}
