package io.thalweg.coordinator;

import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;

/** An event loop that runs what it was handed when the test says so. Owned by the test's thread. */
public final class SteppedLoop implements EventLoop {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean isRunning;
    private boolean isClosed;

    /** Runs everything, also what that hands over. */
    public void run() {
        while (!tasks.isEmpty()) {
            step();
        }
    }

    /** Runs one task. */
    public void step() {
        isRunning = true;
        try {
            tasks.remove().run();
        } finally {
            isRunning = false;
        }
    }

    public void close() {
        isClosed = true;
        tasks.clear();
    }

    @Override
    public boolean isCurrent() {
        return isRunning;
    }

    @Override
    public void execute(Runnable task) {
        if (isClosed) {
            throw new RejectedExecutionException("the loop is closed");
        }
        tasks.add(task);
    }
}
