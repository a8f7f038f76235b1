package io.thalweg.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.thalweg.protocol.ApiKey;
import io.thalweg.spi.runtime.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MicrometerMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerMeters meters = new MicrometerMeters(registry);
    private final SteppedClock clock = new SteppedClock();

    @Test
    void requestsAreMeasuredByApi() {
        var requests = meters.requests(EnumSet.of(ApiKey.PRODUCE, ApiKey.FETCH));

        requests.began(ApiKey.PRODUCE, 100);
        requests.began(ApiKey.PRODUCE, 50);
        requests.answered(ApiKey.PRODUCE, 20, 3_000_000);
        requests.answered(ApiKey.PRODUCE, 0, 5_000_000);

        var sizes = registry.get("thalweg.request.size").tag("api", "Produce").summary();
        assertThat(sizes.count()).isEqualTo(2);
        assertThat(sizes.totalAmount()).isEqualTo(150);
        var answers =
                registry.get("thalweg.response.size").tag("api", "Produce").summary();
        assertThat(answers.count()).isEqualTo(1);
        assertThat(answers.totalAmount()).isEqualTo(20);
        var latency =
                registry.get("thalweg.request.latency").tag("api", "Produce").timer();
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(8);
        assertThat(registry.get("thalweg.request.latency")
                        .tag("api", "Fetch")
                        .timer()
                        .count())
                .isZero();
    }

    @Test
    void fetchesCountAsWaitingUntilTheyAreAnswered() {
        var requests = meters.requests(EnumSet.of(ApiKey.FETCH));

        requests.fetchWaits();
        requests.fetchWaits();
        requests.fetchWaited();

        assertThat(registry.get("thalweg.fetches.waiting").gauge().value()).isEqualTo(1);
    }

    @Test
    void theTurnsOfAShardAreTimed() {
        var shard = meters.shard(3, clock);

        shard.flushed(2_000_000);
        var first = shard.commitBegan();
        clock.advanceMillis(10);
        var second = shard.commitBegan();
        clock.advanceMillis(5);
        shard.commitEnded(second);

        assertThat(timer("thalweg.shard.append").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2);
        assertThat(timer("thalweg.shard.commit").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(5);
        assertThat(unsyncedMillis()).isEqualTo(15);
        shard.commitEnded(first);
        assertThat(timer("thalweg.shard.commit").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(unsyncedMillis()).isZero();
    }

    @Test
    void aTopicsMetersGoWithItAndComeBackEmpty() {
        var traffic = meters.topics().created("orders");
        meters.topics().created("returns");
        traffic.appended(100, 3);
        traffic.fetched(40);
        assertThat(counted("thalweg.topic.bytes.in")).isEqualTo(100);
        assertThat(counted("thalweg.topic.records.in")).isEqualTo(3);
        assertThat(counted("thalweg.topic.bytes.out")).isEqualTo(40);

        meters.topics().deleted("orders");

        assertThat(registry.find("thalweg.topic.bytes.in")
                        .tag("topic", "orders")
                        .counter())
                .isNull();
        assertThat(registry.find("thalweg.topic.bytes.in")
                        .tag("topic", "returns")
                        .counter())
                .isNotNull();
        meters.topics().created("orders");
        assertThat(counted("thalweg.topic.bytes.in")).isZero();
    }

    @Test
    void closingTakesAwayItsOwnAndNothingElse() {
        var foreign = registry.counter("foreign");
        meters.requests(EnumSet.of(ApiKey.PRODUCE));
        meters.shard(0, clock);
        meters.topics().created("orders");

        meters.close();
        meters.close();

        assertThat(registry.getMeters()).isEqualTo(List.of(foreign));
    }

    private Timer timer(String name) {
        return registry.get(name).tag("shard", "3").timer();
    }

    private double unsyncedMillis() {
        return registry.get("thalweg.shard.unsynced.age").timeGauge().value(TimeUnit.MILLISECONDS);
    }

    private double counted(String name) {
        return registry.get(name).tag("topic", "orders").counter().count();
    }

    private static final class SteppedClock implements Clock {

        private long nanos = 1_000;

        void advanceMillis(long millis) {
            nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        }

        @Override
        public long millis() {
            return TimeUnit.NANOSECONDS.toMillis(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }
}
