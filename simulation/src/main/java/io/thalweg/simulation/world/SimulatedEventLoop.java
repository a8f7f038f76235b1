package io.thalweg.simulation.world;

import io.thalweg.spi.runtime.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop whose tasks are events. Owned by the scheduler. */
public final class SimulatedEventLoop implements EventLoop {

    private static final Logger log = LoggerFactory.getLogger(SimulatedEventLoop.class);

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
        lane.post(() -> {
            try {
                task.run();
            } catch (RuntimeException | AssertionError e) {
                log.error("task of {} threw", lane, e);
            }
        });
    }
}
