package io.thalweg.broker.cluster;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.Transport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells the controller of brokers whose processes have ended, without waiting for the ends of their sessions. Owned by the controller's
 * event loop.
 *
 * <p>Where this node leads the metadata log, an idle connection stands to each broker that is not fenced. When it ends and the next one is
 * refused, nobody listens there any more. A machine that is gone, a process that stands still and a network that is cut say nothing; those
 * are for the sessions. A broker is told dead once in a life, and again only if a connection stood meanwhile: where a firewall refuses
 * connections to one that lives, its heartbeats bring it back for good.
 */
public final class DeathWatch implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Ground ground;
    private final BooleanSupplier leads;
    private final Supplier<MetadataImage> image;
    private final Deaths deaths;
    private final Map<Integer, WatchedBroker> watched = new HashMap<>();

    /** Those that were told dead and have had no connection since, and their epochs. */
    private final Map<Integer, Long> toldDead = new HashMap<>();

    private boolean isClosed;

    /** What it takes from the world; the loop is the controller's. */
    public record Ground(EventLoop loop, Clock clock, Timers timers, Transport transport) {

        void later(long nanos, Runnable task) {
            timers.schedule(nanos, () -> hop(task));
        }

        void hop(Runnable task) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and so does the watch.
            }
        }
    }

    /** Hears of them. */
    public interface Deaths {

        /** The process of this life of a broker has ended. */
        void died(int brokerId, long epoch);
    }

    /**
     * A watch that has not begun.
     *
     * @param leads whether this node leads the metadata log
     * @param image the newest
     */
    public DeathWatch(Ground ground, BooleanSupplier leads, Supplier<MetadataImage> image, Deaths deaths) {
        this.ground = ground;
        this.leads = leads;
        this.image = image;
        this.deaths = deaths;
    }

    /** Any thread. */
    public void begin() {
        ground.hop(this::look);
    }

    private void look() {
        if (isClosed) {
            return;
        }
        var present = leads.getAsBoolean() ? image.get() : MetadataImage.EMPTY;
        watched.values().removeIf(each -> {
            var isOver = present.broker(each.id())
                    .filter(broker -> !broker.fenced() && broker.epoch() == each.epoch())
                    .isEmpty();
            if (isOver) {
                each.end();
            }
            return isOver;
        });
        for (var broker : present.brokers()) {
            if (!broker.fenced() && !broker.endpoints().isEmpty() && !watched.containsKey(broker.id())) {
                watch(broker);
            }
        }
        ground.later(LOOK_NANOS, this::look);
    }

    private void watch(BrokerImage broker) {
        var each = new WatchedBroker(ground, broker, this);
        watched.put(broker.id(), each);
        each.connect();
    }

    void refused(int brokerId, long epoch) {
        var before = toldDead.put(brokerId, epoch);
        if (before == null || before != epoch) {
            deaths.died(brokerId, epoch);
        }
    }

    void stands(int brokerId) {
        toldDead.remove(brokerId);
    }

    /** Any thread. */
    @Override
    public void close() {
        ground.hop(() -> {
            isClosed = true;
            watched.values().forEach(WatchedBroker::end);
            watched.clear();
        });
    }
}
