package io.thalweg.spi.runtime;

/**
 * Runs tasks later.
 *
 * <p><b>Threads.</b> Any thread may schedule. A task runs on the timers' own thread: it must not block, and hops back to the
 * thread that owns the state it wants to change.
 *
 * <p><b>Ordering.</b> Tasks run in the order of their due times; equal due times keep the order of scheduling.
 *
 * <p><b>Errors.</b> What a task throws is logged and does not stop other tasks.
 */
public interface Timers {

    /** Runs the task once, no earlier than {@code delayNanos} from now; a delay of 0 or less means as soon as possible. */
    Timer schedule(long delayNanos, Runnable task);

    /** One scheduled task. */
    interface Timer {

        /** Keeps the task from running if it has not started; idempotent, from any thread. */
        void cancel();
    }
}
