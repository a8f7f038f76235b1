package io.thalweg.client;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a client: runs tasks in order, and timers when they are due. Any thread may call. */
final class ClientThread implements EventLoop, Timers, Clock, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClientThread.class);
    private static final long END_TIMEOUT_MILLIS = 5_000;

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // The rest is guarded by the lock.
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private long scheduledCount;
    private boolean isEnding;
    private boolean isWaiting;

    ClientThread(String name) {
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
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (isEnding) {
                throw new RejectedExecutionException("thread " + thread.getName() + " has ended");
            }
            tasks.add(task);
            signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        lock.lock();
        try {
            var due = new Due(nanos() + Math.max(0, delayNanos), scheduledCount++, task);
            timers.add(due);
            signal();
            return () -> cancel(due);
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Due due) {
        lock.lock();
        try {
            timers.remove(due);
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        if (isWaiting) {
            changed.signal();
        }
    }

    private void run() {
        var turn = new ArrayDeque<Runnable>();
        while (take(turn)) {
            for (var task = turn.poll(); task != null; task = turn.poll()) {
                runGuarded(task);
            }
        }
    }

    /** Waits for tasks and due timers; false once the thread is to end and nothing is left. */
    private boolean take(ArrayDeque<Runnable> turn) {
        lock.lock();
        try {
            while (tasks.isEmpty() && !isEnding && nanosToTimer() > 0) {
                await(nanosToTimer());
            }
            while (!timers.isEmpty() && nanosToTimer() <= 0) {
                turn.add(timers.remove().task());
            }
            turn.addAll(tasks);
            tasks.clear();
            return !(isEnding && turn.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The one caller loops.
    private void await(long nanos) {
        isWaiting = true;
        try {
            var unused = changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
            log.debug("thread {} keeps running though interrupted", thread.getName());
        } finally {
            isWaiting = false;
        }
    }

    private long nanosToTimer() {
        var first = timers.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos() - nanos();
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log.error("a task on thread {} threw", thread.getName(), e);
        }
    }

    /** Runs what it was handed before, drops timers that are not due, and waits for the end unless called on the thread itself. */
    @Override
    public void close() {
        lock.lock();
        try {
            isEnding = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (isCurrent()) {
            return;
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, END_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Due(long dueNanos, long number, Runnable task) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            var byTime = Long.signum(dueNanos - other.dueNanos);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }
}
