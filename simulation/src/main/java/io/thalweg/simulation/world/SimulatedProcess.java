package io.thalweg.simulation.world;

import io.thalweg.broker.runtime.World;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One life of one node: from its start to its end, be it orderly or not. What was scheduled for it is held back while it is paused, and
 * dropped once it is dead. Owned by the scheduler.
 */
public final class SimulatedProcess {

    /** Some day in the past, so that timestamps look like timestamps. */
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final Scheduler scheduler;
    private final String name;
    private final ArrayDeque<Scheduler.Event> heldBack = new ArrayDeque<>();
    private final List<Fiber> fibers = new ArrayList<>();
    private final List<Runnable> atDeath = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final Random random;
    private final Lane timers;
    private Runnable afterTurn = () -> {};
    private boolean isPaused;
    private boolean isDead;
    private boolean isSilenced;
    private long clockOffsetMillis;
    private double clockRate = 1;
    private long workDelayNanos = 200_000;

    /** A process that runs. */
    public SimulatedProcess(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
        this.random = new Random(scheduler.random().nextLong());
        this.timers = lane("timers");
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** A new thread, so to say. */
    public Lane lane(String laneName) {
        return new Lane(this, laneName);
    }

    public boolean isDead() {
        return isDead;
    }

    public boolean isPaused() {
        return isPaused;
    }

    void began(Lane lane) {
        lanes.add(lane);
    }

    boolean admits(Scheduler.Event event) {
        if (isDead) {
            return false;
        }
        if (isPaused) {
            heldBack.add(event);
            return false;
        }
        var from = event.lane().stalledUntilNanos();
        if (from > scheduler.nowNanos()) {
            scheduler.again(event, from);
            return false;
        }
        return true;
    }

    /** One of its threads, so to say, stands still for a while; tells which. */
    public String stallOne(long nanos) {
        var lane = lanes.get(scheduler.random().nextInt(lanes.size()));
        lane.stall(nanos);
        return lane.toString();
    }

    /** Nothing of it happens until {@link #resume}. */
    public void pause() {
        isPaused = true;
    }

    /** What should have happened meanwhile happens now. */
    public void resume() {
        isPaused = false;
        while (!heldBack.isEmpty()) {
            scheduler.again(heldBack.remove(), scheduler.nowNanos());
        }
    }

    /** Nothing of it happens any more. */
    public void kill() {
        if (!isDead) {
            isDead = true;
            heldBack.clear();
            List.copyOf(atDeath).forEach(Runnable::run);
            List.copyOf(fibers).forEach(Fiber::kill);
        }
    }

    /** Nothing of it happens any more, and those it had connections with hear nothing of that until they send something. */
    public void killSilently() {
        isSilenced = true;
        kill();
    }

    boolean isSilenced() {
        return isSilenced;
    }

    /** Runs the task when this process dies. */
    void atDeath(Runnable task) {
        atDeath.add(task);
    }

    /** Runs the task whenever a ring has taken its turn. */
    public void afterTurns(Runnable task) {
        afterTurn = task;
    }

    void turned() {
        afterTurn.run();
    }

    /** Runs what may wait, such as the start of a broker. */
    public void runInFiber(String fiberName, Runnable body) {
        var fiber = new Fiber(lane(fiberName), body, fibers::remove);
        fibers.add(fiber);
        fiber.begin();
    }

    /** Sets the wall clock by so much, from now on. */
    public void setClock(long offsetMillis) {
        clockOffsetMillis = offsetMillis;
    }

    /** Has its clocks go faster, above 1, or slower. Before anything was asked of them. */
    public void setClockRate(double rate) {
        clockRate = rate;
    }

    /** Has everything that its workers do, writes and syncs above all, take about so long. */
    public void setWorkDelay(long nanos) {
        workDelayNanos = nanos;
    }

    long workDelayNanos() {
        return scheduler.random().nextInt((int) Math.min(Integer.MAX_VALUE, 2 * workDelayNanos));
    }

    public Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return START_MILLIS + clockOffsetMillis + TimeUnit.NANOSECONDS.toMillis(nanos());
            }

            @Override
            public long nanos() {
                return (long) (scheduler.nowNanos() * clockRate);
            }
        };
    }

    public Timers timers() {
        return timers(timers);
    }

    /** Timers whose tasks run on this lane. */
    Timers timers(Lane lane) {
        return (delayNanos, task) -> {
            var due = scheduler.nowNanos() + (long) (Math.max(0, delayNanos) / clockRate);
            var event = scheduler.at(due < 0 ? Long.MAX_VALUE : due, lane, () -> lane.outlive(task));
            return event::cancel;
        };
    }

    /** All that a broker is given. */
    public World world() {
        return new World(
                clock(),
                timers(),
                random,
                (poolName, threads) -> new SimulatedPool(this, poolName, threads),
                threadsName -> {
                    throw new IllegalStateException("no thread " + threadsName + " in a simulation");
                },
                ringName -> new SimulatedRingThread(lane(ringName)),
                new FiberPatience(this));
    }

    @Override
    public String toString() {
        return name;
    }
}
