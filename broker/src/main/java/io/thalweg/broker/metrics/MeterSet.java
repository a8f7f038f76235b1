package io.thalweg.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Meters that come and go together. Any thread; {@link #close} comes last. */
final class MeterSet implements AutoCloseable {

    /**
     * Upper bounds of the latencies counted together: 100 microseconds, the time of a commit on a good disk, to Kafka's request timeout.
     */
    private static final Duration[] LATENCY_BOUNDS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

    MeterSet(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A timer with a histogram. */
    Timer timer(String name, String description, String... tags) {
        return kept(Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(LATENCY_BOUNDS)
                .register(registry));
    }

    /** A distribution of sizes. */
    DistributionSummary sizes(String name, String description, String... tags) {
        return kept(DistributionSummary.builder(name)
                .description(description)
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry));
    }

    Counter counter(String name, String description, String... tags) {
        return kept(Counter.builder(name).description(description).tags(tags).register(registry));
    }

    /** A count that is kept elsewhere. */
    void count(String name, String description, LongSupplier count, String... tags) {
        kept(FunctionCounter.builder(name, count, LongSupplier::getAsLong)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void gauge(String name, String description, LongSupplier value, String... tags) {
        kept(Gauge.builder(name, value::getAsLong)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void nanosGauge(String name, String description, LongSupplier nanos, String... tags) {
        kept(TimeGauge.builder(name, nanos::getAsLong, TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }

    /** Removes them from the registry; what is still counted is lost. */
    @Override
    public void close() {
        for (var meter = meters.poll(); meter != null; meter = meters.poll()) {
            registry.remove(meter);
        }
    }
}
