package io.thalweg.client;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Runs tasks at once, on whoever's thread; timers never run, and nobody can be reached. */
final class StillLoop implements ConnectingLoop {

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        return () -> {};
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        throw new AssertionError("nobody connects in this test");
    }

    @Override
    public void atEnd(Runnable task) {}

    @Override
    public void close() {}
}
