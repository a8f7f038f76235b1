package io.thalweg.transport.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of Netty's implementations of sockets is used.
 *
 * @param name as it stands in the log
 */
record Sockets(
        String name,
        IoHandlerFactory handlers,
        Class<? extends ServerChannel> server,
        Class<? extends SocketChannel> client) {

    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

    /** States of a TCP socket as the Linux kernel numbers them: reset, or closed by the peer's side. */
    private static final int TCP_CLOSE = 7;

    private static final int TCP_CLOSE_WAIT = 8;

    /** Epoll where it is available, else NIO; says so in the log. */
    static Sockets best() {
        var isLinux = System.getProperty("os.name", "").startsWith("Linux");
        if (Epoll.isAvailable()) {
            LOG.debug("sockets: epoll");
            return epoll();
        }
        if (isLinux) {
            LOG.info(
                    "sockets: NIO, because epoll is not available; on the module path name its native module, such as"
                            + " --add-modules io.netty.transport.epoll.linux.x86_64 ({})",
                    String.valueOf(Epoll.unavailabilityCause()));
        } else {
            LOG.debug("sockets: NIO");
        }
        return nio();
    }

    static Sockets epoll() {
        return new Sockets(
                "epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    static Sockets nio() {
        return new Sockets("NIO", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    /** Whether the peer has reset the connection, as far as that can be told without reading from it. */
    static boolean isReset(SocketChannel channel) {
        return channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() == TCP_CLOSE;
    }

    /**
     * Lets the channel read again.
     *
     * <p>Netty takes a descriptor out of epoll when it waits for nothing more, which happens when the peer closes its side while
     * reading is stopped; it then does not find the way back by itself. The channel is registered anew.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // A channel that cannot be registered is closed, which is heard.
    static void readAgain(SocketChannel channel) {
        if (channel.config().isAutoRead()) {
            return;
        }
        if (channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() == TCP_CLOSE_WAIT) {
            var loop = channel.eventLoop();
            channel.deregister().addListener(deregistered -> {
                channel.config().setAutoRead(true);
                loop.register(channel);
            });
        } else {
            channel.config().setAutoRead(true);
        }
    }
}
