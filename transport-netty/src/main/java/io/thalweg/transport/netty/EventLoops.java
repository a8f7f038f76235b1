package io.thalweg.transport.netty;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of one transport. Any thread; the threads start when they are first needed. */
@SuppressWarnings("FutureReturnValueIgnored") // The end is awaited where it matters.
final class EventLoops {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final long END_TIMEOUT_MILLIS = 2_000;
    /** The shortest there is: with none, Netty may skip what is to run at the end of a loop that has tasks. */
    private static final long QUIET_NANOS = 1;

    private final EventLoopGroup group;
    private final IdentityHashMap<EventLoop, NettyEventLoop> loops = new IdentityHashMap<>();

    EventLoops(String name, int count, IoHandlerFactory handlers) {
        group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), handlers);
        for (EventExecutor each : group) {
            var loop = (SingleThreadEventLoop) each;
            loops.put(loop, new NettyEventLoop(loop));
        }
    }

    EventLoopGroup group() {
        return group;
    }

    NettyEventLoop of(Channel channel) {
        return requireNonNull(loops.get(channel.eventLoop()));
    }

    /** The only one. */
    NettyEventLoop single() {
        if (loops.size() != 1) {
            throw new IllegalStateException(loops.size() + " event loops; expected one");
        }
        return loops.values().iterator().next();
    }

    /** Whether the calling thread is one of the event loops, and so must not wait for them. */
    boolean anyIsCurrent() {
        return loops.values().stream().anyMatch(NettyEventLoop::isCurrent);
    }

    /** Ends the threads once they have run what they were handed. */
    void end() {
        group.shutdownGracefully(QUIET_NANOS, TimeUnit.MILLISECONDS.toNanos(END_TIMEOUT_MILLIS), TimeUnit.NANOSECONDS);
    }

    void endAfter(long millis) {
        try {
            group.next().schedule(this::end, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("the event loops have ended already");
        }
    }

    /** Waits until the event loops have ended, for {@code millis} and the time an end takes. */
    void awaitEnd(long millis) {
        if (!group.terminationFuture().awaitUninterruptibly(millis + 2 * END_TIMEOUT_MILLIS)) {
            LOG.warn("the event loops did not end within {} ms", millis + 2 * END_TIMEOUT_MILLIS);
        }
    }
}
