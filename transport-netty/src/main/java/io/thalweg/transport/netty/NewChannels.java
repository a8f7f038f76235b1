package io.thalweg.transport.netty;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import java.util.function.Consumer;

/** Hands each new channel on, on its event loop, before it is active. */
final class NewChannels extends ChannelInitializer<SocketChannel> {

    private final Consumer<SocketChannel> taker;

    NewChannels(Consumer<SocketChannel> taker) {
        this.taker = taker;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        taker.accept(channel);
    }
}
