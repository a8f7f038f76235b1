package io.thalweg.memory.network;

import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread of the network. What it runs for is done in turns: due alarms, the tasks that had come, then the connections that have
 * something to hand over.
 *
 * <p>Any thread may {@code execute}, {@code schedule}, {@code cancel}, {@code atEnd} and {@code end}; the rest belongs to the loop itself.
 */
final class NetworkLoop implements EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkLoop.class);

    private static final long END_TIMEOUT_SECONDS = 5;

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<NetworkConnection> unflushed = new ArrayDeque<>();

    // The rest is guarded by the lock.
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final List<Runnable> lastTasks = new ArrayList<>();
    private long alarmsCount;
    private boolean ending;
    private boolean ended;

    NetworkLoop(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            checkNotEnded();
            tasks.add(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void checkNotEnded() {
        if (ended) {
            throw new RejectedExecutionException("event loop " + thread.getName() + " has ended");
        }
    }

    /** Has the task run last of all. */
    void atEnd(Runnable task) {
        lock.lock();
        try {
            checkNotEnded();
            lastTasks.add(task);
        } finally {
            lock.unlock();
        }
    }

    /** Runs the task once {@code delayNanos} have passed. */
    Alarm schedule(long delayNanos, Runnable task) {
        lock.lock();
        try {
            var alarm = new Alarm(System.nanoTime() + Math.max(0, delayNanos), alarmsCount++, task);
            alarms.add(alarm);
            changed.signal();
            return alarm;
        } finally {
            lock.unlock();
        }
    }

    void cancel(Alarm alarm) {
        lock.lock();
        try {
            alarms.remove(alarm);
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link NetworkConnection#flush} called at the end of this turn; a connection asks once a turn. */
    void flushAfterTurn(NetworkConnection connection) {
        assert isCurrent();
        unflushed.add(connection);
    }

    /** Lets the loop run what it has been handed, then end. */
    void end() {
        lock.lock();
        try {
            ending = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end; not to be called on the loop. */
    void awaitEnd() {
        try {
            TimeUnit.SECONDS.timedJoin(thread, END_TIMEOUT_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        var turn = new ArrayDeque<Runnable>();
        while (takeTasks(turn)) {
            ringAlarms();
            for (var task = turn.poll(); task != null; task = turn.poll()) {
                guarded(task);
            }
            for (var connection = unflushed.poll(); connection != null; connection = unflushed.poll()) {
                guarded(connection::flush);
            }
        }
        lastTasks.forEach(this::guarded); // Nobody adds one any more.
    }

    /** Waits for tasks or a due alarm; false once the loop is to end and nothing is left. */
    private boolean takeTasks(ArrayDeque<Runnable> turn) {
        lock.lock();
        try {
            while (tasks.isEmpty() && !ending && nanosToAlarm() > 0) {
                await(nanosToAlarm());
            }
            turn.addAll(tasks);
            tasks.clear();
            ended = ending && turn.isEmpty();
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The one caller loops.
    private void await(long nanos) {
        try {
            var unused = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            LOG.debug("event loop {} keeps running though interrupted", thread.getName());
        }
    }

    private long nanosToAlarm() {
        var first = alarms.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos() - System.nanoTime();
    }

    private void ringAlarms() {
        var now = System.nanoTime(); // What is set meanwhile waits for the next turn, lest tasks wait for ever.
        for (var due = takeDue(now); due != null; due = takeDue(now)) {
            guarded(due.task());
        }
    }

    private @Nullable Alarm takeDue(long now) {
        lock.lock();
        try {
            var first = alarms.peek();
            return first == null || first.dueNanos() - now > 0 ? null : alarms.poll();
        } finally {
            lock.unlock();
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task on event loop {} threw", thread.getName(), e);
        }
    }

    /** A task and the time from which on it is due, by {@link System#nanoTime}; those due at once keep the order of their numbers. */
    record Alarm(long dueNanos, long number, Runnable task) implements Comparable<Alarm> {

        @Override
        public int compareTo(Alarm other) {
            var byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }
}
