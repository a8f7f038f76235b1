package io.thalweg.broker.cluster;

import io.thalweg.broker.runtime.Refusal;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One broker, in one of its lives, and the idle connection to it. Owned by the controller's event loop. */
final class WatchedBroker {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final DeathWatch.Ground ground;
    private final int id;
    private final long epoch;
    private final Endpoint endpoint;
    private final DeathWatch watch;
    private @Nullable Connection connection;
    private long triedAtNanos;
    private boolean isOver;

    WatchedBroker(DeathWatch.Ground ground, BrokerImage broker, DeathWatch watch) {
        var known = broker.endpoints().get(0);
        this.ground = ground;
        this.id = broker.id();
        this.epoch = broker.epoch();
        this.endpoint = new Endpoint(known.host(), known.port());
        this.watch = watch;
    }

    int id() {
        return id;
    }

    long epoch() {
        return epoch;
    }

    void connect() {
        if (isOver) {
            return;
        }
        triedAtNanos = ground.clock().nanos();
        ground.transport()
                .connect(endpoint, TransportLimits.DEFAULT, opened -> new Idle())
                .whenComplete((opened, failure) -> ground.hop(() -> tried(opened, failure)));
    }

    private void tried(@Nullable Connection opened, @Nullable Throwable failure) {
        if (opened == null) {
            if (Refusal.isSeenIn(failure) && !isOver) {
                watch.refused(id, epoch);
            }
            ground.later(RETRY_NANOS, this::connect);
        } else if (isOver) {
            opened.close();
        } else {
            watch.stands(id);
            connection = opened;
        }
    }

    void end() {
        isOver = true;
        var open = connection;
        if (open != null) {
            open.close();
        }
    }

    /**
     * One that stood for a while is made again at once, which tells soonest; where connections end as they begin, nothing is learned so.
     */
    private void lost() {
        var restNanos = triedAtNanos + RETRY_NANOS - ground.clock().nanos();
        if (restNanos > 0) {
            ground.later(restNanos, this::connect);
        } else {
            connect();
        }
    }

    /** Nothing is said on it; only its end means something. */
    private final class Idle implements ConnectionHandler {

        @Override
        public void received(Frame frame) {
            frame.close();
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {
            ground.hop(WatchedBroker.this::lost);
        }
    }
}
