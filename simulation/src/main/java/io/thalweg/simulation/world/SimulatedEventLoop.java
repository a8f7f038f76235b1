package io.thalweg.simulation.world;

import io.thalweg.spi.runtime.EventLoop;

/** An event loop whose tasks are events. Owned by the scheduler. */
public final class SimulatedEventLoop implements EventLoop {

    private final Lane lane;

    /** A loop whose tasks run on this lane. */
    public SimulatedEventLoop(Lane lane) {
        this.lane = lane;
    }

    Lane lane() {
        return lane;
    }

    @Override
    public boolean isCurrent() {
        return lane.isCurrent();
    }

    @Override
    public void execute(Runnable task) {
        lane.post(() -> lane.outlive(task));
    }
}
