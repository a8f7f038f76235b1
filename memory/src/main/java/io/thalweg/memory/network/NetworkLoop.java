package io.thalweg.memory.network;

import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread of the network. What it runs for is done in turns: due alarms, the tasks that had come, then the connections that have
 * something to hand over.
 *
 * <p>Any thread may {@code execute} and {@code end}; the rest belongs to the loop itself.
 */
final class NetworkLoop implements EventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NetworkLoop.class);

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final ArrayDeque<NetworkConnection> unflushed = new ArrayDeque<>();

    // The next three are guarded by the lock.
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
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
            if (ended) {
                throw new RejectedExecutionException("event loop " + thread.getName() + " has ended");
            }
            tasks.add(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Runs the task once {@code delayNanos} have passed. */
    Alarm schedule(long delayNanos, Runnable task) {
        assert isCurrent();
        var alarm = new Alarm(System.nanoTime() + delayNanos, task);
        alarms.add(alarm);
        return alarm;
    }

    void cancel(Alarm alarm) {
        assert isCurrent();
        alarms.remove(alarm);
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

    /** Waits for the end, unless it is the loop that asks. */
    void awaitEnd(long timeoutNanos) {
        if (isCurrent()) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, timeoutNanos);
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
        while (nanosToAlarm() <= 0) {
            guarded(alarms.remove().task());
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task on event loop {} threw", thread.getName(), e);
        }
    }

    /** A task and the time from which on it is due, by {@link System#nanoTime}. */
    record Alarm(long dueNanos, Runnable task) implements Comparable<Alarm> {

        @Override
        public int compareTo(Alarm other) {
            return Long.signum(dueNanos - other.dueNanos);
        }
    }
}
