package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.tck.transport.TransportSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;

/** Epoll, with every byte of direct memory accounted for after each test. */
final class EpollMemoryTest extends TransportSuite {

    private final CountedMemory memory = new CountedMemory();

    @Override
    protected Transport open(TransportContext context) {
        Assumptions.assumeTrue(Epoll.isAvailable(), "epoll is not available here");
        return NettyTransport.open(context, Sockets.epoll(), memory.allocator());
    }

    @AfterEach
    void allMemoryIsGivenBack() {
        closeTransport();
        assertThat(memory.usedBytes()).isZero();
    }
}
