package io.thalweg.memory.network;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread of the network that somebody has for themselves. Any thread. */
final class NetworkConnectingLoop implements ConnectingLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkConnectingLoop.class);

    private final InProcessNetwork network;
    private final NetworkLoop loop;
    /** Owned by the loop. */
    private boolean isClosing;

    NetworkConnectingLoop(InProcessNetwork network, NetworkLoop loop) {
        this.network = network;
        this.loop = loop;
    }

    @Override
    public boolean isCurrent() {
        return loop.isCurrent();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        var alarm = loop.schedule(delayNanos, task);
        return () -> loop.cancel(alarm);
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        var connected = new CompletableFuture<CompletionStage<Connection>>();
        try {
            loop.execute(() -> connected.complete(
                    isClosing ? refused(endpoint) : network.connect(loop, endpoint, limits, handler)));
        } catch (RejectedExecutionException e) {
            return refused(endpoint);
        }
        return connected.thenCompose(Function.identity());
    }

    private static CompletionStage<Connection> refused(Endpoint endpoint) {
        return CompletableFuture.failedFuture(
                new TransportException("connect to " + endpoint + ": the event loop is closed", null));
    }

    @Override
    public void atEnd(Runnable task) {
        loop.atEnd(task);
    }

    @Override
    public void close() {
        beginClose();
        if (!isCurrent()) {
            awaitEnd();
        }
    }

    void beginClose() {
        network.forget(this);
        try {
            loop.execute(() -> {
                isClosing = true;
                network.closeAllOn(loop);
                loop.end();
            });
        } catch (RejectedExecutionException e) {
            LOG.trace("the event loop is closed already");
        }
    }

    void awaitEnd() {
        loop.awaitEnd();
    }
}
