package io.thalweg.spi.runtime;

import java.util.concurrent.Executor;

/**
 * One thread that runs what it is handed, in order.
 *
 * <p><b>Threads.</b> Any thread may call {@code execute}; it never blocks and never runs the task in the caller; tasks run in
 * the order they were handed over (EVENTLOOP-1). State that belongs to an event loop is touched only while {@link #isCurrent()} holds.
 *
 * <p><b>Errors.</b> What a task throws is logged and does not stop the loop (EVENTLOOP-2). After the loop's owner has closed,
 * {@code execute} throws {@link java.util.concurrent.RejectedExecutionException} (EVENTLOOP-3).
 */
public interface EventLoop extends Executor {

    /** Whether the calling thread is this loop's thread. */
    boolean isCurrent();
}
