package io.thalweg.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Makes connections to endpoints, on some event loops. Any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // Failures arrive where the results do.
record Connector(Sockets sockets, NameLookup names, EventLoops loops, Connections connections) {

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    /** On event loops of its own. */
    static Connector on(String name, int loopCount, Sockets sockets, ByteBufAllocator allocator, NameLookup names) {
        try {
            var loops = new EventLoops(name, loopCount, sockets.handlers());
            return new Connector(sockets, names, loops, new Connections(loops, allocator));
        } catch (RuntimeException e) {
            throw new TransportException("event loops of " + name + " could not be had: " + e.getMessage(), e);
        }
    }

    /** The same on one event loop of its own, whose thread has this name. */
    Connector withLoop(String name) {
        return on(name, 1, sockets, connections.allocator(), names);
    }

    CompletionStage<Connection> connect(
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
        connections.requireOpen();
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
                .handler(new NewChannels(
                        channel -> connections.adopt(channel, endpoint, limits, allowance, handler, opened)))
                .connect(address)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        opened.completeExceptionally(done.cause());
                    }
                });
        return opened;
    }

    /** The same stage, but its failures name what was attempted. */
    static <T> CompletionStage<T> naming(String action, CompletableFuture<T> stage) {
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
}
