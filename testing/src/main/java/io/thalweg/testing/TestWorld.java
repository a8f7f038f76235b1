package io.thalweg.testing;

import io.thalweg.broker.runtime.World;
import io.thalweg.spi.runtime.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The machine of one life of a broker, with a clock that is ahead. Any thread. */
final class TestWorld implements AutoCloseable {

    private static final int NODE_ID = 1;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final World world;

    TestWorld(AtomicLong aheadMillis) {
        var machine = World.ofMachine(NODE_ID, opened::add);
        world = new World(
                new Ahead(machine.clock(), aheadMillis),
                machine.timers(),
                machine.random(),
                machine.workers(),
                machine.threads(),
                machine.ringThreads(),
                machine.patience());
    }

    private record Ahead(Clock clock, AtomicLong aheadMillis) implements Clock {

        @Override
        public long millis() {
            return clock.millis() + aheadMillis.get();
        }

        @Override
        public long nanos() {
            return clock.nanos();
        }
    }

    World world() {
        return world;
    }

    /** After the broker. */
    @Override
    public void close() {
        for (var each : opened) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(each + " does not close", e);
            }
        }
    }
}
