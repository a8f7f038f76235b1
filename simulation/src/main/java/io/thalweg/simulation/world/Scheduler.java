package io.thalweg.simulation.world;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs events in the order of their times, one after the other; time passes between events only. Two runs with the same seed run the
 * same events, which their {@link #hash} shows. Owned by the simulation's thread, or the fiber that it has handed its turn to.
 */
public final class Scheduler {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final Random random;
    private long nowNanos;
    private long nextNumber;
    private int nextLane;
    private long runEvents;
    private long hash = FNV_OFFSET;
    private @Nullable Lane current;

    /** Something that happens at a time. */
    static final class Event implements Comparable<Event> {

        private final long number;
        private long atNanos;
        private final Lane lane;
        private @Nullable Runnable task;

        Event(long atNanos, long number, Lane lane, Runnable task) {
            this.number = number;
            this.atNanos = atNanos;
            this.lane = lane;
            this.task = task;
        }

        void cancel() {
            task = null;
        }

        Lane lane() {
            return lane;
        }

        @Nullable Runnable task() {
            return task;
        }

        @Override
        public int compareTo(Event other) {
            var byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    /** A scheduler at time 0. */
    public Scheduler(long seed) {
        random = new Random(seed);
    }

    public long nowNanos() {
        return nowNanos;
    }

    public long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos);
    }

    /** What all chance comes from. */
    public Random random() {
        return random;
    }

    int newLane() {
        return nextLane++;
    }

    /** The lane whose event runs; null between events. */
    @Nullable Lane current() {
        return current;
    }

    Event at(long atNanos, Lane lane, Runnable task) {
        var event = new Event(Math.max(atNanos, nowNanos), nextNumber++, lane, task);
        queue.add(event);
        return event;
    }

    /** Has an event that did not run when it was due run later, behind those of its lane that were there before it. */
    void again(Event event, long atNanos) {
        event.atNanos = Math.max(atNanos, nowNanos);
        queue.add(event);
    }

    /** Runs the next event, if there is one; time moves to it. */
    public boolean step() {
        var event = queue.poll();
        if (event == null) {
            return false;
        }
        nowNanos = event.atNanos;
        var task = event.task();
        if (task != null && event.lane.process().admits(event)) {
            run(event.lane, task);
        }
        return true;
    }

    /** Runs events until so much time has passed. */
    public void runFor(long nanos) {
        var end = nowNanos + nanos;
        for (var next = queue.peek(); next != null && next.atNanos <= end; next = queue.peek()) {
            step();
        }
        nowNanos = end;
    }

    private void run(Lane lane, Runnable task) {
        runEvents++;
        mix(nowNanos);
        mix(lane.number());
        runAs(lane, task);
    }

    /** Runs a task as if it were an event of the lane, within the event that runs. */
    void runAs(Lane lane, Runnable task) {
        var before = current;
        current = lane;
        try {
            task.run();
        } finally {
            current = before;
        }
    }

    /** Adds a number to what the hash is of. */
    public void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    /** A number that two runs share only if they ran the same events. */
    public long hash() {
        return hash;
    }

    /** How many events have run. */
    public long runEvents() {
        return runEvents;
    }
}
