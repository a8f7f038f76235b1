package io.thalweg.transport.netty;

import io.netty.channel.SingleThreadEventLoop;
import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayDeque;

/**
 * One of Netty's event loops, and the connections that have sent something in its present turn.
 *
 * <p>Any thread may {@code execute}; the rest belongs to the loop.
 */
final class NettyEventLoop implements EventLoop {

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
