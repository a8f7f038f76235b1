package io.thalweg.broker.shard;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Tasks for a shard that did not go through its ring: its own, and those of others that found the ring full, who must not wait. It is
 * bounded by what is in flight: each task answers a commit, a timer or a change of metadata that the shard asked for.
 *
 * <p>A late task keeps its place: it runs once everything is done that was in the ring when it came.
 */
final class TaskQueue {

    private final ArrayDeque<Runnable> own = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Late> late = new ConcurrentLinkedQueue<>();

    /** A task and the ring sequence it comes after. */
    private record Late(Runnable task, long afterSequence) {}

    /** From the shard. */
    void addOwn(Runnable task) {
        own.add(task);
    }

    /** From any other thread. */
    void addLate(Runnable task, long afterSequence) {
        late.add(new Late(task, afterSequence));
    }

    boolean hasLate() {
        return !late.isEmpty();
    }

    boolean hasOwn() {
        return !own.isEmpty();
    }

    /** Runs, on the shard, the late tasks whose turn it is and all of its own. */
    void drain(long doneSequence, Consumer<Runnable> run) {
        for (var head = late.peek(); head != null && head.afterSequence() <= doneSequence; head = late.peek()) {
            late.remove();
            run.accept(head.task());
        }
        while (!own.isEmpty()) {
            run.accept(own.remove());
        }
    }
}
