package io.thalweg.storage.file;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * A clock that stands still, and timers and pools without threads: what they are given is run by the test, in an order that follows
 * from a seed. Owned by the test's thread.
 */
final class SeededRuntime implements Clock, Timers, Workers {

    private static final long NOW_MILLIS = 1_000_000;

    private final Random random;
    private final List<SeededPool> pools = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();

    SeededRuntime(Random random) {
        this.random = random;
    }

    @Override
    public long millis() {
        return NOW_MILLIS;
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        timers.add(task);
        return () -> timers.remove(task);
    }

    @Override
    public Pool start(String name, int threads) {
        var pool = new SeededPool();
        pools.add(pool);
        return pool;
    }

    /** Runs what is scheduled now, whenever it is due. */
    void fireTimers() {
        var due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    /** Runs tasks, each time any of those that wait, until the stage is done. */
    void runUntilDone(CompletionStage<?> stage) {
        while (!stage.toCompletableFuture().isDone()) {
            if (!runOne()) {
                throw new AssertionError("nothing is left to run, and the stage is not done");
            }
        }
    }

    /** Runs one task, if any waits. */
    boolean runOne() {
        var waiting = pools.stream().filter(pool -> !pool.tasks.isEmpty()).toList();
        if (waiting.isEmpty()) {
            return false;
        }
        waiting.get(random.nextInt(waiting.size())).runOne();
        return true;
    }

    private final class SeededPool implements Pool {

        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        private void runOne() {
            tasks.remove(random.nextInt(tasks.size())).run();
        }

        @Override
        public void close() {
            while (!tasks.isEmpty()) {
                runOne();
            }
        }
    }
}
