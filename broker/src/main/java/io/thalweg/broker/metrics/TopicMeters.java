package io.thalweg.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.thalweg.broker.metadata.TopicListener;
import io.thalweg.broker.partition.TopicTraffic;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What goes into and out of topics; the meters of a topic live as long as it does. Any thread. */
final class TopicMeters implements TopicListener, AutoCloseable {

    private final MeterRegistry registry;
    private final Map<String, MeterSet> byTopic = new ConcurrentSkipListMap<>();

    TopicMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public TopicTraffic created(String topic) {
        var meters = new MeterSet(registry);
        byTopic.put(topic, meters);
        return new Counters(
                meters.counter("thalweg.topic.bytes.in", "Bytes appended to the topic", "topic", topic),
                meters.counter("thalweg.topic.records.in", "Records appended to the topic", "topic", topic),
                meters.counter("thalweg.topic.bytes.out", "Bytes fetched from the topic", "topic", topic));
    }

    @Override
    public void deleted(String topic) {
        var meters = byTopic.remove(topic);
        if (meters != null) {
            meters.close();
        }
    }

    @Override
    public void close() {
        byTopic.keySet().forEach(this::deleted);
    }

    private record Counters(Counter bytesIn, Counter recordsIn, Counter bytesOut) implements TopicTraffic {

        @Override
        public void appended(long bytes, long records) {
            bytesIn.increment((double) bytes);
            recordsIn.increment((double) records);
        }

        @Override
        public void fetched(long bytes) {
            bytesOut.increment((double) bytes);
        }
    }
}
