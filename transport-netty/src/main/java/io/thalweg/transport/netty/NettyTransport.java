package io.thalweg.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    private final Sockets sockets;
    private final EventLoops loops;
    private final Connections connections;
    private final NameLookup names;
    private final Set<NettyListener> listeners = ConcurrentHashMap.newKeySet();

    private NettyTransport(Sockets sockets, EventLoops loops, Connections connections, NameLookup names) {
        this.sockets = sockets;
        this.loops = loops;
        this.connections = connections;
        this.names = names;
    }

    /** Opens a transport on epoll where it is available, else on NIO. There is one setting, {@code security.protocol=PLAINTEXT}. */
    public static NettyTransport open(TransportContext context) {
        return open(context, Sockets.best(), ByteBufAllocator.DEFAULT);
    }

    static NettyTransport open(TransportContext context, Sockets sockets, ByteBufAllocator allocator) {
        check(context);
        try {
            var loops = new EventLoops(context.name(), context.eventLoops(), sockets.handlers());
            var connections = new Connections(loops, allocator);
            return new NettyTransport(sockets, loops, connections, new NameLookup(context.name()));
        } catch (RuntimeException e) {
            throw new TransportException(
                    "event loops of " + context.name() + " could not be had: " + e.getMessage(), e);
        }
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
        return sockets.name();
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        var bound = toBind(endpoint).thenCompose(address -> bind(endpoint, address, limits, acceptor));
        return naming("listen on " + endpoint, bound);
    }

    /** The JDK would take no host for the loopback. */
    private CompletableFuture<InetSocketAddress> toBind(Endpoint endpoint) {
        return endpoint.host().isEmpty()
                ? CompletableFuture.completedFuture(new InetSocketAddress(endpoint.port()))
                : names.addresses(endpoint).thenApply(addresses -> addresses.get(0));
    }

    private CompletableFuture<Listener> bind(
            Endpoint endpoint,
            InetSocketAddress address,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> acceptor) {
        requireOpen();
        var admission = new Admission(limits);
        var allowance = new ByteAllowance(limits.maxBytesInAll());
        var bound = new CompletableFuture<Listener>();
        new ServerBootstrap()
                .group(loops.group())
                .channel(sockets.server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(initializing(channel -> accept(channel, admission, limits, allowance, acceptor)))
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
        var listener = new NettyListener(endpoint, channel, admission, loops::anyIsCurrent);
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
        var connected =
                names.addresses(endpoint).thenCompose(addresses -> connect(addresses, endpoint, limits, handler));
        return naming("connect to " + endpoint, connected);
    }

    /** Tries one address after the other. */
    private CompletableFuture<Connection> connect(
            List<InetSocketAddress> addresses,
            Endpoint endpoint,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> handler) {
        requireOpen();
        var first = connect(addresses.get(0), endpoint, limits, handler);
        if (addresses.size() == 1) {
            return first;
        }
        var rest = addresses.subList(1, addresses.size());
        return first.exceptionallyCompose(failure -> connect(rest, endpoint, limits, handler));
    }

    private CompletableFuture<Connection> connect(
            InetSocketAddress address,
            Endpoint endpoint,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> handler) {
        var allowance = new ByteAllowance(limits.maxBytesInAll());
        var opened = new CompletableFuture<Connection>();
        new Bootstrap()
                .group(loops.group())
                .channel(sockets.client())
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(initializing(
                        channel -> connections.adopt(channel, endpoint, limits, allowance, handler, opened)))
                .connect(address)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        opened.completeExceptionally(done.cause());
                    }
                });
        return opened;
    }

    private static ChannelInitializer<SocketChannel> initializing(Consumer<SocketChannel> action) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                action.accept(channel);
            }
        };
    }

    private void requireOpen() {
        if (connections.isClosing()) {
            throw new TransportException("the transport is closed", null);
        }
    }

    /** The same stage, but its failures name what was attempted. */
    private static <T> CompletionStage<T> naming(String action, CompletableFuture<T> stage) {
        var named = new CompletableFuture<T>();
        stage.whenComplete((result, failure) -> {
            if (failure == null) {
                named.complete(result);
            } else {
                var cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                named.completeExceptionally(new TransportException(action + ": " + cause.getMessage(), cause));
            }
        });
        return named;
    }

    @Override
    public void close() {
        names.close();
        listeners.forEach(NettyListener::close);
        connections.close();
    }
}
