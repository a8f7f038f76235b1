package io.thalweg.simulation.world;

import io.thalweg.spi.runtime.Workers;
import java.util.ArrayList;
import java.util.List;

/** A pool whose tasks are events: in order with one thread, else in any. Owned by the scheduler. */
final class SimulatedPool implements Workers.Pool {

    private final SimulatedProcess process;
    private final Lane lane;
    private final boolean isOrdered;
    private final List<Runnable> waiting = new ArrayList<>();

    SimulatedPool(SimulatedProcess process, String name, int threads) {
        this.process = process;
        this.lane = process.lane(name);
        this.isOrdered = threads == 1;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        lane.post(isOrdered ? process.workDelayNanos() : process.workDelayNanos() / 2, this::runOne);
    }

    private void runOne() {
        if (waiting.isEmpty()) {
            return;
        }
        var index = isOrdered ? 0 : process.scheduler().random().nextInt(waiting.size());
        lane.outlive(waiting.remove(index));
    }

    /** Runs what waits at once, unless the process is dead. */
    @Override
    public void close() {
        while (!waiting.isEmpty() && !process.isDead()) {
            process.scheduler().runAs(lane, this::runOne);
        }
    }
}
