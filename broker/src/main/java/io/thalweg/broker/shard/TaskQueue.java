package io.thalweg.broker.shard;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Tasks for a shard that did not go through its ring: its own, and those of others that found the ring full, who must not wait. It is
 * bounded by what is in flight: each task answers a commit, a timer or a change of metadata that the shard asked for.
 */
final class TaskQueue {

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** From any thread. */
    void add(Runnable task) {
        tasks.add(task);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Runs what is there, on the shard. */
    void drain(Consumer<Runnable> run) {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            run.accept(task);
        }
    }
}
