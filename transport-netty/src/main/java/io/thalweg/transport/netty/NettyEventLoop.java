package io.thalweg.transport.netty;

import io.netty.channel.SingleThreadEventLoop;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers.Timer;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of Netty's event loops, and the connections that have sent something in its present turn.
 *
 * <p>Any thread may {@code execute} and {@code schedule}; the rest belongs to the loop.
 */
final class NettyEventLoop implements EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NettyEventLoop.class);

    private final SingleThreadEventLoop loop;
    private final ArrayDeque<NettyConnection> unflushed = new ArrayDeque<>();
    private final Runnable flush = this::flush;

    NettyEventLoop(SingleThreadEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** Runs the task on the loop later, unless the loop ends before. */
    Timer schedule(long delayNanos, Runnable task) {
        try {
            var due = loop.schedule(() -> guarded(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.trace("a timer was asked for after the event loop had ended");
            return () -> {};
        }
    }

    /** Has the task run as good as last, when the channels are closed. */
    void atEnd(Runnable task) {
        loop.addShutdownHook(task);
    }

    /** What is no task of Netty's must not throw. */
    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task of a timer or of an event loop's end threw", e);
        }
    }

    /**
     * Has {@link NettyConnection#flush} called when the turn has read from all its sockets and run all its tasks, so that what several
     * tasks sent leaves together; a connection asks once a turn.
     */
    void flushAfterTurn(NettyConnection connection) {
        assert isCurrent();
        if (unflushed.isEmpty()) {
            loop.executeAfterEventLoopIteration(flush);
        }
        unflushed.add(connection);
    }

    private void flush() {
        // A flush may make its connection send again, which then waits for the next turn.
        for (var count = unflushed.size(); count > 0; count--) {
            unflushed.remove().flush();
        }
        if (!unflushed.isEmpty()) {
            loop.executeAfterEventLoopIteration(flush);
        }
    }
}
