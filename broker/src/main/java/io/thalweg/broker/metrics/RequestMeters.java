package io.thalweg.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.thalweg.broker.quota.ClientQuotas.Kind;
import io.thalweg.broker.request.RequestListener;
import io.thalweg.protocol.ApiKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Requests by API, looked up once: a request costs three additions. Any thread. */
final class RequestMeters implements RequestListener {

    /** By the number of the API. */
    private final DistributionSummary[] requestSizes;

    private final DistributionSummary[] responseSizes;
    private final Timer[] latencies;
    private final Map<Kind, Timer> delays = new EnumMap<>(Kind.class);
    private final Counter accepted;
    private final LongAdder waitingFetches = new LongAdder();

    RequestMeters(MeterSet meters, Set<ApiKey> apis) {
        var maxId = apis.stream().mapToInt(ApiKey::id).max().orElse(0);
        requestSizes = new DistributionSummary[maxId + 1];
        responseSizes = new DistributionSummary[maxId + 1];
        latencies = new Timer[maxId + 1];
        for (var api : apis) {
            int index = api.id();
            var tag = api.apiName();
            requestSizes[index] = meters.sizes("thalweg.request.size", "Bytes of a request", "api", tag);
            responseSizes[index] = meters.sizes("thalweg.response.size", "Bytes of an answer", "api", tag);
            latencies[index] = meters.timer(
                    "thalweg.request.latency",
                    "From a request's arrival to its answer's handing over to the connection",
                    "api",
                    tag);
        }
        for (var quota : Kind.values()) {
            delays.put(
                    quota,
                    meters.timer(
                            "thalweg.request.throttled",
                            "How long clients have to wait because of a quota",
                            "quota",
                            quota.key()));
        }
        accepted = meters.counter("thalweg.connections.accepted", "Connections accepted");
        meters.gauge(
                "thalweg.fetches.waiting", "Fetches that wait for records or their time limit", waitingFetches::sum);
    }

    @Override
    public void began(ApiKey api, int requestBytes) {
        requestSizes[api.id()].record(requestBytes);
    }

    @Override
    public void answered(ApiKey api, int responseBytes, long nanos) {
        latencies[api.id()].record(nanos, TimeUnit.NANOSECONDS);
        if (responseBytes > 0) {
            responseSizes[api.id()].record(responseBytes);
        }
    }

    @Override
    public void throttled(Kind quota, long nanos) {
        Objects.requireNonNull(delays.get(quota)).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void fetchWaits() {
        waitingFetches.increment();
    }

    @Override
    public void fetchWaited() {
        waitingFetches.decrement();
    }

    @Override
    public void connected() {
        accepted.increment();
    }

    @Override
    public void disconnected() {}
}
