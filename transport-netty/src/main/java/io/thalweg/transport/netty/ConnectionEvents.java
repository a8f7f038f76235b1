package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Passes the events of a channel on to its connection. */
final class ConnectionEvents extends ChannelInboundHandlerAdapter {

    private final NettyConnection connection;
    private final Function<Connection, ConnectionHandler> handlers;
    private final CompletableFuture<Connection> opened;

    /**
     * Makes the events of one connection.
     *
     * @param opened completes when the handler is there, or with what its function threw
     */
    ConnectionEvents(
            NettyConnection connection,
            Function<Connection, ConnectionHandler> handlers,
            CompletableFuture<Connection> opened) {
        this.connection = connection;
        this.handlers = handlers;
        this.opened = opened;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        try {
            connection.start(handlers);
            opened.complete(connection);
        } catch (Throwable e) {
            opened.completeExceptionally(e);
            connection.broke(e);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.intake().read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        connection.intake().readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        connection.broke(cause);
    }
}
