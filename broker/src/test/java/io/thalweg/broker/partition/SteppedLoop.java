package io.thalweg.broker.partition;

import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayDeque;

/** An event loop that the test steps; the test's thread is always its current one. */
final class SteppedLoop implements EventLoop {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
