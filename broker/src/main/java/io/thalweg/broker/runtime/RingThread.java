package io.thalweg.broker.runtime;

import com.lmax.disruptor.EventProcessor;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.Executor;

/**
 * What turns one ring: a thread of its own, or the events of a simulator.
 *
 * <p><b>Threads.</b> Started and ended by the one who builds the broker; anyone may ask {@link #isCurrent}.
 */
public interface RingThread {

    /** How the loop waits for its ring; the ring tells it of whatever is published. */
    WaitStrategy waitStrategy();

    /** Begins to run the loop. Called once. */
    void start(EventProcessor loop);

    /** Whether the caller is run by the loop. */
    boolean isCurrent();

    /**
     * Lets the loop run what was published before, then halts it and waits for its end, a bounded time. Does nothing if it does not run.
     *
     * @param ring runs tasks in the loop
     */
    void end(Executor ring);
}
