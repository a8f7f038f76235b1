package io.thalweg.broker.purgatory;

import io.thalweg.spi.runtime.EventLoop;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells an event loop, once, that something it looks at has changed. The same watch may lie with many partitions and shards: the
 * first that fires it wins, the rest find it done.
 *
 * <p>Any thread may fire or cancel. Firing makes the event loop read again and says nothing about what it will find.
 */
public final class Watch {

    private final EventLoop eventLoop;
    private final Runnable readAgain;
    private final AtomicBoolean done = new AtomicBoolean();

    /** A watch that runs {@code readAgain} on the event loop when fired. */
    public Watch(EventLoop eventLoop, Runnable readAgain) {
        this.eventLoop = eventLoop;
        this.readAgain = readAgain;
    }

    /** Where {@link #readAgain} has to run. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    public Runnable readAgain() {
        return readAgain;
    }

    /** Claims the one firing; whoever gets true hands {@link #readAgain} to the event loop. */
    public boolean fire() {
        return done.compareAndSet(false, true);
    }

    /** Nobody waits any more; holders drop it when they next look. */
    public void cancel() {
        done.set(true);
    }

    public boolean isDone() {
        return done.get();
    }
}
