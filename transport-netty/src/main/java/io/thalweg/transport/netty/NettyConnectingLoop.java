package io.thalweg.transport.netty;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of Netty's event loops that somebody has for themselves. Any thread. */
final class NettyConnectingLoop implements ConnectingLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NettyConnectingLoop.class);

    private final Connector connector;
    private final NettyEventLoop loop;
    private final Consumer<NettyConnectingLoop> whenClosed;
    // Owned by the loop.
    private final List<Runnable> lastTasks = new ArrayList<>();
    private boolean hasEnded;

    NettyConnectingLoop(Connector connector, Consumer<NettyConnectingLoop> whenClosed) {
        this.connector = connector;
        this.loop = connector.loops().single();
        this.whenClosed = whenClosed;
        loop.atEnd(this::end);
    }

    private void end() {
        hasEnded = true;
        lastTasks.forEach(NettyEventLoop::guarded);
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
        return loop.schedule(delayNanos, () -> {
            if (!hasEnded) {
                task.run();
            }
        });
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        return connector.connect(endpoint, limits, handler);
    }

    @Override
    public void atEnd(Runnable task) {
        loop.execute(() -> {
            if (hasEnded) {
                task.run();
            } else {
                lastTasks.add(task);
            }
        });
    }

    @Override
    public void close() {
        beginClose();
        if (!isCurrent()) {
            awaitEnd();
        }
    }

    void beginClose() {
        whenClosed.accept(this);
        try {
            loop.execute(connector.connections()::beginClose);
        } catch (RejectedExecutionException e) {
            LOG.trace("the event loop is closed already");
        }
    }

    void awaitEnd() {
        connector.connections().awaitEnd();
    }
}
