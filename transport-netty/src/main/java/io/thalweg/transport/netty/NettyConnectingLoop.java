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

    /** Guarded by this; not left to Netty's queue, where what comes in the last moment is neither run nor refused. */
    private final List<Runnable> lastTasks = new ArrayList<>();

    /** Guarded by this, written by the loop. */
    private boolean hasEnded;

    NettyConnectingLoop(Connector connector, Consumer<NettyConnectingLoop> whenClosed) {
        this.connector = connector;
        this.loop = connector.loops().single();
        this.whenClosed = whenClosed;
        loop.atEnd(this::end);
    }

    private void end() {
        List<Runnable> last;
        synchronized (this) {
            hasEnded = true;
            last = List.copyOf(lastTasks);
        }
        last.forEach(NettyEventLoop::guarded);
    }

    private synchronized boolean hasEnded() {
        return hasEnded;
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
            if (!hasEnded()) {
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
        synchronized (this) {
            if (!hasEnded) {
                lastTasks.add(task);
                return;
            }
        }
        if (!isCurrent()) {
            throw new RejectedExecutionException("the event loop has ended");
        }
        task.run();
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
