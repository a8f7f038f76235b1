package io.thalweg.spi.transport;

import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * An event loop of its opener's own: connections made from it belong to it, so that who keeps its state there needs no other thread.
 *
 * <p><b>Threads.</b> Any thread may call. Handlers of its connections (CONNECTING-1) and the tasks of its timers (CONNECTING-2) run on the
 * loop, beside what it is handed; they need not hop. Nobody else's connections are on it, so that a task that takes long holds up its
 * opener only (CONNECTING-3).
 *
 * <p><b>Close.</b> Idempotent, from any thread, also on the loop itself; closes the connections, whose handlers hear of it, runs what it
 * was handed before, and waits for its thread a bounded time unless called on it (CONNECTING-4). Then tasks are refused and connecting
 * fails; a timer that is not due by then, or is asked for later, never runs (CONNECTING-5). Closing the transport closes it (CONNECTING-6).
 * Its opener is told, whoever closed it (CONNECTING-7).
 */
public interface ConnectingLoop extends EventLoop, Timers, AutoCloseable {

    /** As {@link Transport#connect}, on this loop. */
    CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler);

    /**
     * Has the task run on the loop when that ends: after what it was handed before, and after the handlers of its connections have heard.
     * What the task hands to the loop is refused or runs still; a timer that it asks for never does.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has ended; else it runs
     */
    void atEnd(Runnable task);

    @Override
    void close();
}
