package io.thalweg.broker.runtime;

import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Workers;
import org.jspecify.annotations.Nullable;

/** The one thread of a pool as an event loop, for a server without shards. Any thread. */
public final class PoolLoop implements EventLoop, AutoCloseable {

    private final Workers.Pool pool;

    /** Who runs a task now; a thread can see itself here only while it does. */
    private volatile @Nullable Thread running;

    /**
     * A loop on this pool.
     *
     * @param pool of one thread, closed with the loop
     */
    public PoolLoop(Workers.Pool pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(() -> {
            running = Thread.currentThread();
            try {
                task.run();
            } finally {
                running = null;
            }
        });
    }

    @Override
    public boolean isCurrent() {
        return running == Thread.currentThread();
    }

    @Override
    public void close() {
        pool.close();
    }
}
