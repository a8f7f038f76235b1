package io.thalweg.client;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Meters of a client in Micrometer's global registry, which is the application's. Clients of the same id share them, so that they stay. */
final class MicrometerMeters implements ClientMeters {

    /** Shared as the gauges are: those of all clients in this process. */
    private static final Map<LagId, Lag> LAGS = new ConcurrentHashMap<>();

    private final String clientId;
    private final Map<ApiKey, Timer> latencies = new EnumMap<>(ApiKey.class);
    private final Map<ApiKey, Counter> failures = new EnumMap<>(ApiKey.class);
    private final Timer throttles;
    private final Timer deliveries;
    private final Counter recordsSent;
    private final Counter bytesSent;
    private final Counter recordsRefused;
    private final Counter recordsRead;

    MicrometerMeters(String clientId) {
        this.clientId = clientId;
        throttles = timer("thalweg.client.throttled", "How long brokers wanted to be left alone");
        deliveries = timer("thalweg.client.delivery", "From a batch's first record to its acknowledgement");
        recordsSent = counter("thalweg.client.records.sent", "Records that were acknowledged", "records");
        bytesSent = counter("thalweg.client.bytes.sent", "Bytes of batches that were acknowledged", BaseUnits.BYTES);
        recordsRefused = counter("thalweg.client.records.refused", "Records that were given up", "records");
        recordsRead = counter("thalweg.client.records.read", "Records that were polled", "records");
    }

    private Timer timer(String name, String description, String... tags) {
        return Timer.builder(name)
                .description(description)
                .tag("client", clientId)
                .tags(tags)
                .register(Metrics.globalRegistry);
    }

    private Counter counter(String name, String description, String unit, String... tags) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(unit)
                .tag("client", clientId)
                .tags(tags)
                .register(Metrics.globalRegistry);
    }

    @Override
    public void answered(ApiKey api, long nanos) {
        latencies
                .computeIfAbsent(
                        api,
                        key -> timer("thalweg.client.request.latency", "From request to answer", "api", key.apiName()))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(ApiKey api) {
        failures.computeIfAbsent(
                        api,
                        key -> counter(
                                "thalweg.client.requests.failed",
                                "Requests without an answer",
                                "requests",
                                "api",
                                key.apiName()))
                .increment();
    }

    @Override
    public void throttled(int millis) {
        throttles.record(Duration.ofMillis(millis));
    }

    @Override
    public void acknowledged(int records, int bytes, long nanos) {
        recordsSent.increment(records);
        bytesSent.increment(bytes);
        deliveries.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void refused(int records) {
        recordsRefused.increment(records);
    }

    @Override
    public void read(TopicPartition partition, int records, long lag) {
        recordsRead.increment(records);
        LAGS.computeIfPresent(new LagId(clientId, partition), (id, known) -> known.shown(id, lag));
    }

    @Override
    public void entered(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            LAGS.compute(new LagId(clientId, partition), (id, known) -> (known == null ? new Lag() : known).entered());
        }
    }

    @Override
    public void left(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            LAGS.computeIfPresent(new LagId(clientId, partition), (id, known) -> known.left());
        }
    }

    private record LagId(String clientId, TopicPartition partition) {}

    /**
     * How far behind the reader is that polled last, shown once one has polled and until the last one has left. Touched only while the map
     * computes its entry.
     */
    private static final class Lag {

        private final AtomicLong records = new AtomicLong();
        private int readers;
        private @Nullable Gauge gauge;

        Lag entered() {
            readers++;
            return this;
        }

        Lag shown(LagId id, long lag) {
            records.set(lag);
            if (gauge == null) {
                gauge = Gauge.builder("thalweg.client.lag", records, AtomicLong::get)
                        .description("Records behind those polled last")
                        .baseUnit("records")
                        .tags("client", id.clientId())
                        .tags("topic", id.partition().topic())
                        .tags("partition", String.valueOf(id.partition().partition()))
                        .register(Metrics.globalRegistry);
            }
            return this;
        }

        @Nullable Lag left() {
            readers--;
            if (readers > 0) {
                return this;
            }
            if (gauge != null) {
                Metrics.globalRegistry.remove(gauge);
            }
            return null;
        }
    }
}
