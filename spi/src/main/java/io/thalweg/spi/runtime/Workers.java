package io.thalweg.spi.runtime;

import java.util.concurrent.Executor;

/**
 * Starts the bounded thread pools on which a plug-in may block, so that the simulator can run them from a seed.
 *
 * <p><b>Threads.</b> Any thread may start a pool.
 */
public interface Workers {

    /** Starts a pool of {@code threads} daemon threads whose names begin with {@code name}. */
    Pool start(String name, int threads);

    /**
     * A started pool.
     *
     * <p><b>Ordering.</b> A pool of one thread runs its tasks in the order of {@code execute}.
     *
     * <p><b>Errors.</b> What a task throws is logged and does not stop the pool.
     *
     * <p><b>Close.</b> Idempotent; runs what was handed over before, then ends the threads and waits for them. Must not be
     * called from one of the pool's own threads.
     */
    interface Pool extends Executor, AutoCloseable {

        @Override
        void close();
    }
}
