package io.thalweg.simulation.world;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands for a thread: its events run in the order in which they were handed over, some time later. Owned by the scheduler. */
public final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final int TYPICAL_DELAY_NANOS = 20_000;

    private final SimulatedProcess process;
    private final int number;
    private final String name;
    private long lastNanos;
    private long stalledUntilNanos;

    Lane(SimulatedProcess process, String name) {
        this.process = process;
        this.number = process.scheduler().newLane();
        this.name = name;
        process.began(this);
    }

    SimulatedProcess process() {
        return process;
    }

    int number() {
        return number;
    }

    /** Whether an event of this lane runs. */
    public boolean isCurrent() {
        return process.scheduler().current() == this;
    }

    /** Runs a task soon, behind those before. */
    public void post(Runnable task) {
        post(process.scheduler().random().nextInt(TYPICAL_DELAY_NANOS), task);
    }

    /** Runs a task no sooner than the delay, behind those before. */
    public void post(long delayNanos, Runnable task) {
        var scheduler = process.scheduler();
        lastNanos = Math.max(lastNanos, scheduler.nowNanos() + delayNanos);
        scheduler.at(lastNanos, this, task);
    }

    /** Runs a task within the event that runs, and goes on whatever it throws, as the threads of a broker do. */
    void outlive(Runnable task) {
        try {
            task.run();
        } catch (Fiber.Killed e) {
            throw e;
        } catch (RuntimeException | Error e) {
            log.error("task of {} threw", this, e);
        }
    }

    /** Nothing of it happens for a while, as with a thread that gets no processor. */
    void stall(long nanos) {
        stalledUntilNanos = Math.max(stalledUntilNanos, process.scheduler().nowNanos()) + nanos;
    }

    /** When what is due now may happen. */
    long stalledUntilNanos() {
        return stalledUntilNanos;
    }

    @Override
    public String toString() {
        return process + "/" + name;
    }
}
