package io.thalweg.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The open connections of one transport; makes them of channels, and ends the event loops after the last. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // What goes wrong with a channel is heard of by its events.
final class Connections {

    /** Each connection closes in less, by its own limits. */
    private static final long CLOSE_TIMEOUT_MILLIS = 8_000;

    private final EventLoops loops;
    private final ByteBufAllocator allocator;
    private final Set<NettyConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    Connections(EventLoops loops, ByteBufAllocator allocator) {
        this.loops = loops;
        this.allocator = allocator;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    boolean isClosing() {
        return closing;
    }

    void requireOpen() {
        if (closing) {
            throw new TransportException("the transport is closed", null);
        }
    }

    /**
     * Makes a connection of a channel that is not active yet; on the channel's event loop.
     *
     * @param opened completes when its handler is there
     */
    void adopt(
            SocketChannel channel,
            Endpoint remote,
            TransportLimits limits,
            ByteAllowance allowance,
            Function<Connection, ConnectionHandler> handler,
            CompletableFuture<Connection> opened) {
        var high = Math.max(1, limits.writableBytes());
        var config = channel.config()
                .setTcpNoDelay(true)
                .setAllocator(allocator)
                .setMessageSizeEstimator(SizeEstimator.INSTANCE)
                .setWriteBufferWaterMark(new WriteBufferWaterMark(Math.min(high, high / 2 + 1), high));
        var connection = new NettyConnection(channel, loops.of(channel), remote, limits, allowance);
        config.setRecvByteBufAllocator(new FrameReceiveAllocator(connection.intake()));
        channel.pipeline().addLast(new ConnectionEvents(connection, handler, opened));
        connections.add(connection);
        channel.closeFuture().addListener(closed -> {
            connections.remove(connection);
            endIfLast();
        });
        if (closing) {
            channel.close();
        }
    }

    /** Closes all connections, then ends the event loops, after some seconds in any case. */
    void beginClose() {
        closing = true;
        connections.forEach(NettyConnection::close);
        endIfLast();
        loops.endAfter(CLOSE_TIMEOUT_MILLIS);
    }

    /** Not to be called on an event loop. */
    void awaitEnd() {
        loops.awaitEnd(CLOSE_TIMEOUT_MILLIS);
    }

    private void endIfLast() {
        if (closing && connections.isEmpty()) {
            loops.end();
        }
    }
}
