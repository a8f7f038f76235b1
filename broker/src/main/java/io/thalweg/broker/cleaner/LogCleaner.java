package io.thalweg.broker.cleaner;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.shard.Shards;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Compacts the logs of a broker, a few at a time ({@link CleanerLane}). Any thread may ask; begun and stopped once.
 */
public final class LogCleaner {

    private final List<CleanerLane> lanes = new ArrayList<>();
    private final CleanerMarks marks = new CleanerMarks();
    private final Throttle throttle;
    private final Wiring wiring;
    private final CleanerConfig config;
    private volatile boolean isStopping;
    private volatile Workers.@Nullable Pool pool;

    /** What it gets from the broker. */
    public record Wiring(
            Shards shards, TopicTable topics, StorageEngine engine, Clock clock, Timers timers, Workers workers) {}

    /** A cleaner that has not begun. */
    public LogCleaner(Wiring wiring, CleanerConfig config) {
        this.wiring = wiring;
        this.config = config;
        this.throttle = new Throttle(config.bytesPerSecond(), wiring.clock(), wiring.timers());
    }

    /** How many logs it has given up. */
    public long uncleanableCount() {
        return marks.uncleanableCount();
    }

    /** Begins, unless it is to have no threads: after a rest it looks for logs to clean, again and again. */
    public void start(CleanerListener listener) {
        open(listener);
        lanes.forEach(CleanerLane::rest);
    }

    /** Takes its threads and leaves it to the caller to have it {@link #cleanOne clean}. */
    public void open(CleanerListener listener) {
        if (config.threads() == 0) {
            return;
        }
        var started = wiring.workers().start("cleaner", config.threads());
        pool = started;
        var logs = new CompactedLogs(wiring.shards(), wiring.topics(), wiring.engine(), wiring.clock());
        var resources = new CleanerResources(
                config.mapBytes() / config.threads(),
                config.loadFactor(),
                Math.max(1, config.readBytes() / config.threads()),
                throttle,
                started,
                () -> isStopping);
        for (var i = 0; i < config.threads(); i++) {
            lanes.add(new CleanerLane(
                    logs, marks, resources, listener, wiring.clock(), wiring.timers(), config.backoffMillis()));
        }
    }

    /** One step: completes with whether a log needed it and was cleaned, or at least tried. */
    public CompletionStage<Boolean> cleanOne() {
        return lanes.get(0).turn();
    }

    /** Completes when nothing is being cleaned any more; what was begun is given up. */
    public CompletionStage<Void> stop() {
        isStopping = true;
        throttle.open();
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (var lane : lanes) {
            all = all.thenCombine(lane.stop(), (before, now) -> null);
        }
        return all;
    }

    /** Ends the threads; after {@link #stop}. */
    public void close() {
        var started = pool;
        if (started != null) {
            started.close();
        }
    }
}
