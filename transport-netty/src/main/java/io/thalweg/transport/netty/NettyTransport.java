package io.thalweg.transport.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport over TCP. Any thread.
 *
 * <p><b>Close.</b> Lets what was sent leave, for some seconds at most, then ends the event loops. On an event loop it does not wait.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Failures arrive where the results do; a close cannot be helped.
public final class NettyTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    private static final String SECURITY_PROTOCOL = "security.protocol";
    private static final String PLAINTEXT = "PLAINTEXT";
    private static final int BACKLOG = 1_024;

    private final Connector connector;
    private final Connections connections;
    private final Set<NettyListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<NettyConnectingLoop> openLoops = ConcurrentHashMap.newKeySet();

    private NettyTransport(Connector connector) {
        this.connector = connector;
        this.connections = connector.connections();
    }

    /** Opens a transport on epoll where it is available, else on NIO. There is one setting, {@code security.protocol=PLAINTEXT}. */
    public static NettyTransport open(TransportContext context) {
        return open(context, Sockets.best(), ByteBufAllocator.DEFAULT);
    }

    static NettyTransport open(TransportContext context, Sockets sockets, ByteBufAllocator allocator) {
        check(context);
        var names = new NameLookup(context.name());
        return new NettyTransport(Connector.on(context.name(), context.eventLoops(), sockets, allocator, names));
    }

    private static void check(TransportContext context) {
        context.expectOnly(Set.of(SECURITY_PROTOCOL));
        var protocol = context.settings().getOrDefault(SECURITY_PROTOCOL, PLAINTEXT);
        if (!protocol.equals(PLAINTEXT)) {
            throw new TransportException(
                    "transport " + context.name() + " with " + SECURITY_PROTOCOL + "=" + protocol + "; it speaks "
                            + PLAINTEXT + " only",
                    null);
        }
    }

    /** The implementation of sockets in use, as it stands in the log. */
    String socketsName() {
        return connector.sockets().name();
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        var bound = toBind(endpoint).thenCompose(address -> bind(endpoint, address, limits, acceptor));
        return Connector.naming("listen on " + endpoint, bound);
    }

    /** The JDK would take no host for the loopback. */
    private CompletableFuture<InetSocketAddress> toBind(Endpoint endpoint) {
        return endpoint.host().isEmpty()
                ? CompletableFuture.completedFuture(new InetSocketAddress(endpoint.port()))
                : connector.names().addresses(endpoint).thenApply(addresses -> addresses.get(0));
    }

    private CompletableFuture<Listener> bind(
            Endpoint endpoint,
            InetSocketAddress address,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> acceptor) {
        connections.requireOpen();
        var admission = new Admission(limits);
        var allowance = new ByteAllowance(limits.maxBytesInAll());
        var bound = new CompletableFuture<Listener>();
        new ServerBootstrap()
                .group(connector.loops().group())
                .channel(connector.sockets().server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new NewChannels(channel -> accept(channel, admission, limits, allowance, acceptor)))
                .bind(address)
                .addListener((ChannelFutureListener) done -> complete(bound, done, endpoint, admission));
        return bound;
    }

    private void complete(
            CompletableFuture<Listener> bound, ChannelFuture done, Endpoint requested, Admission admission) {
        if (!done.isSuccess()) {
            bound.completeExceptionally(done.cause());
            return;
        }
        var channel = done.channel();
        var endpoint = new Endpoint(requested.host(), ((InetSocketAddress) channel.localAddress()).getPort());
        channel.pipeline().addLast(new AcceptFailures(endpoint));
        var listener = new NettyListener(endpoint, channel, admission, connector.loops()::anyIsCurrent);
        listeners.add(listener);
        channel.closeFuture().addListener(closed -> listeners.remove(listener));
        if (connections.isClosing()) {
            listener.close();
        }
        bound.complete(listener);
    }

    private void accept(
            SocketChannel channel,
            Admission admission,
            TransportLimits limits,
            ByteAllowance allowance,
            Function<Connection, ConnectionHandler> acceptor) {
        var address = channel.remoteAddress();
        // A peer that has gone already has no address.
        if (address == null || !admission.admits(address.getAddress())) {
            LOG.debug("refused a connection from {}", address);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> admission.left(address.getAddress()));
        var remote = new Endpoint(address.getAddress().getHostAddress(), address.getPort());
        connections.adopt(channel, remote, limits, allowance, acceptor, new CompletableFuture<>());
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        return connector.connect(endpoint, limits, handler);
    }

    @Override
    public ConnectingLoop openLoop(String name) {
        var opened = new NettyConnectingLoop(connector.withLoop(name), openLoops::remove);
        openLoops.add(opened);
        if (connections.isClosing()) {
            opened.close();
        }
        connections.requireOpen();
        return opened;
    }

    @Override
    public void close() {
        connector.names().close();
        listeners.forEach(NettyListener::close);
        connections.beginClose();
        var others = List.copyOf(openLoops);
        others.forEach(NettyConnectingLoop::beginClose);
        if (!connector.loops().anyIsCurrent() && others.stream().noneMatch(NettyConnectingLoop::isCurrent)) {
            others.forEach(NettyConnectingLoop::awaitEnd);
            connections.awaitEnd();
        }
    }
}
