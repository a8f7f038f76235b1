package io.thalweg.memory.network;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A network within the process: an object that brokers and clients are both given.
 *
 * <p>Hosts are plain names, compared letter by letter; ports are numbers of this network and have nothing to do with the machine's.
 *
 * <p><b>Close.</b> Whoever opened the network closes it, after those who use it. Closing ends every connection on it.
 */
public final class InProcessNetwork implements Transport {

    private static final int FIRST_CHOSEN_PORT = 49_152;
    private static final int LAST_PORT = 65_535;

    private final List<NetworkLoop> loops;
    private final Set<NetworkConnectingLoop> openLoops = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Endpoint, NetworkListener> listeners = new ConcurrentHashMap<>();
    private final Set<NetworkConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger openFrames = new AtomicInteger();
    private final AtomicInteger connectionNumber = new AtomicInteger();
    private volatile boolean closed;

    private InProcessNetwork(List<NetworkLoop> loops) {
        this.loops = loops;
    }

    /** Opens a network with one event loop. */
    public static InProcessNetwork open() {
        return open(new TransportContext("in-process", 1));
    }

    /** Opens a network; it has no settings. */
    public static InProcessNetwork open(TransportContext context) {
        context.expectOnly(Set.of());
        var loops = IntStream.range(0, context.eventLoops())
                .mapToObj(index -> new NetworkLoop(context.name() + "-" + index))
                .toList();
        loops.forEach(NetworkLoop::start);
        return new InProcessNetwork(loops);
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        if (closed) {
            return refused("listen on " + endpoint + ": the network is closed");
        }
        if (endpoint.port() != 0) {
            return bind(endpoint, limits, acceptor);
        }
        for (var port = FIRST_CHOSEN_PORT; port <= LAST_PORT; port++) {
            var chosen = new Endpoint(endpoint.host(), port);
            if (!listeners.containsKey(chosen)) {
                return bind(chosen, limits, acceptor);
            }
        }
        return refused("listen on " + endpoint + ": every port of the host is in use");
    }

    private CompletionStage<Listener> bind(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        var listener = new NetworkListener(
                endpoint, limits, acceptor, closing -> listeners.remove(closing.endpoint(), closing));
        return listeners.putIfAbsent(endpoint, listener) == null
                ? CompletableFuture.completedFuture(listener)
                : refused("listen on " + endpoint + ": in use on this network");
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        return connect(nextLoop(), endpoint, limits, handler);
    }

    private NetworkLoop nextLoop() {
        return loops.get(Math.floorMod(connectionNumber.getAndIncrement(), loops.size()));
    }

    /** Connects on this loop. */
    CompletionStage<Connection> connect(
            NetworkLoop loop,
            Endpoint endpoint,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> handler) {
        var listener = listeners.get(endpoint);
        if (closed || listener == null) {
            return refused("connect to " + endpoint + ": "
                    + (closed ? "the network is closed" : "nobody listens there on this network"));
        }
        try {
            return connected(loop, listener, limits, handler);
        } catch (RejectedExecutionException e) {
            return refused("connect to " + endpoint + ": the network is closed");
        }
    }

    private CompletionStage<Connection> connected(
            NetworkLoop loop,
            NetworkListener listener,
            TransportLimits limits,
            Function<Connection, ConnectionHandler> handler) {
        var endpoint = listener.endpoint();
        var client = newConnection(loop, endpoint, limits, new ByteAllowance(limits.maxBytesInAll()), () -> {});
        if (listener.admits()) {
            var clientEndpoint = new Endpoint("in-process", connectionNumber.get() & 0xFFFF);
            var server = newConnection(
                    nextLoop(), clientEndpoint, listener.limits(), listener.allowance(), listener::connectionClosed);
            NetworkConnection.join(client, server);
            server.eventLoop().execute(() -> {
                if (!server.isClosed()) {
                    server.start(listener.acceptor());
                }
            });
        } else {
            client.inbox().end();
        }
        return started(client, endpoint, handler);
    }

    private NetworkConnection newConnection(
            NetworkLoop loop, Endpoint remote, TransportLimits limits, ByteAllowance allowance, Runnable whenClosed) {
        var connection = new NetworkConnection(loop, remote, limits, allowance, openFrames, closing -> {
            connections.remove(closing);
            whenClosed.run();
        });
        connections.add(connection);
        return connection;
    }

    private static CompletionStage<Connection> started(
            NetworkConnection client, Endpoint endpoint, Function<Connection, ConnectionHandler> handler) {
        var stage = new CompletableFuture<Connection>();
        client.eventLoop().execute(() -> {
            try {
                client.start(handler);
                stage.complete(client);
            } catch (Throwable e) {
                stage.completeExceptionally(
                        new TransportException("connect to " + endpoint + ": the handler threw", e));
            }
        });
        return stage;
    }

    private static <T> CompletionStage<T> refused(String message) {
        return CompletableFuture.failedFuture(new TransportException(message, null));
    }

    @Override
    public ConnectingLoop openLoop(String name) {
        var loop = new NetworkLoop(name);
        loop.start();
        var opened = new NetworkConnectingLoop(this, loop);
        openLoops.add(opened);
        if (closed) {
            opened.close();
            throw new TransportException("no event loop " + name + ": the network is closed", null);
        }
        return opened;
    }

    /** On the loop, of which nobody makes connections any more. */
    void closeAllOn(NetworkLoop loop) {
        connections.stream().filter(each -> each.eventLoop() == loop).forEach(NetworkConnection::close);
    }

    void forget(NetworkConnectingLoop loop) {
        openLoops.remove(loop);
    }

    /** How many ends of connections are open: two for each connection. */
    public int openEndCount() {
        return connections.size();
    }

    /** How many frames, arrived or to be sent, are not closed; 0 when nobody leaks any. */
    public int openFrameCount() {
        return openFrames.get();
    }

    @Override
    public void close() {
        closed = true;
        listeners.clear();
        connections.forEach(NetworkConnection::close);
        var others = List.copyOf(openLoops);
        others.forEach(NetworkConnectingLoop::beginClose);
        loops.forEach(NetworkLoop::end);
        if (loops.stream().noneMatch(NetworkLoop::isCurrent)
                && others.stream().noneMatch(NetworkConnectingLoop::isCurrent)) {
            loops.forEach(NetworkLoop::awaitEnd);
            others.forEach(NetworkConnectingLoop::awaitEnd);
        }
    }
}
