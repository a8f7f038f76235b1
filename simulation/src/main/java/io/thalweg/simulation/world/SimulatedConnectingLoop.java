package io.thalweg.simulation.world;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** A lane that somebody of a process has for their connections. Owned by the scheduler. */
final class SimulatedConnectingLoop implements ConnectingLoop {

    private final SimulatedTransport transport;
    private final SimulatedEventLoop loop;
    private final List<Runnable> lastTasks = new ArrayList<>();
    private boolean isClosed;

    SimulatedConnectingLoop(SimulatedTransport transport, SimulatedEventLoop loop) {
        this.transport = transport;
        this.loop = loop;
    }

    @Override
    public boolean isCurrent() {
        return loop.isCurrent();
    }

    @Override
    public void execute(Runnable task) {
        checkOpen();
        loop.execute(task);
    }

    private void checkOpen() {
        if (isClosed) {
            throw new RejectedExecutionException("event loop " + loop.lane() + " is closed");
        }
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return transport.process().timers(loop.lane()).schedule(delayNanos, () -> {
            if (!isClosed) {
                task.run();
            }
        });
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        if (isClosed) {
            return CompletableFuture.failedFuture(
                    new TransportException("connect to " + endpoint + ": the event loop is closed", null));
        }
        return transport.connect(loop, endpoint, handler);
    }

    @Override
    public void atEnd(Runnable task) {
        checkOpen();
        lastTasks.add(task);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            transport.network().closeAllOn(loop);
            lastTasks.forEach(loop::execute);
        }
    }
}
