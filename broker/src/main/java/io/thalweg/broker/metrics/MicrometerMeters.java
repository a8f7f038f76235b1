package io.thalweg.broker.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.thalweg.broker.cleaner.CleanerListener;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.TopicListener;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.request.RequestListener;
import io.thalweg.broker.retention.RetentionListener;
import io.thalweg.broker.shard.Shard;
import io.thalweg.broker.shard.ShardListener;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.protocol.ApiKey;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.transport.Listener;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Meters in a registry of Micrometer's, which the application owns; two brokers that share one also share their meters. */
public final class MicrometerMeters implements Meters {

    private final MeterSet meters;
    private final TopicMeters topics;

    public MicrometerMeters(MeterRegistry registry) {
        this.meters = new MeterSet(registry);
        this.topics = new TopicMeters(registry);
    }

    @Override
    public RequestListener requests(Set<ApiKey> apis) {
        return new RequestMeters(meters, apis);
    }

    @Override
    public ShardListener shard(int index, Clock clock) {
        return new ShardMeters(meters, index, clock);
    }

    @Override
    public TopicListener topics() {
        return topics;
    }

    @Override
    public RetentionListener retention() {
        var segmentsDropped = meters.counter("thalweg.retention.segments.dropped", "Segments that retention let go");
        var bytesDropped = meters.counter("thalweg.retention.bytes.dropped", "Bytes that retention let go");
        return (segments, bytes) -> {
            segmentsDropped.increment(segments);
            bytesDropped.increment((double) bytes);
        };
    }

    @Override
    public CleanerListener cleaner(LongSupplier uncleanableCount) {
        meters.gauge(
                "thalweg.cleaner.partitions.uncleanable",
                "Partitions whose log the cleaner has given up",
                uncleanableCount);
        var runs = meters.counter("thalweg.cleaner.runs", "Cleanings of one log");
        var bytesRead = meters.counter("thalweg.cleaner.bytes.read", "Bytes of the segments that were cleaned");
        var bytesKept = meters.counter("thalweg.cleaner.bytes.kept", "Bytes that were left of them");
        return (bytesBefore, bytesAfter) -> {
            runs.increment();
            bytesRead.increment((double) bytesBefore);
            bytesKept.increment((double) bytesAfter);
        };
    }

    @Override
    public void observe(Shard shard) {
        var number = String.valueOf(shard.index());
        meters.gauge(
                "thalweg.shard.ring.used",
                "Requests and tasks that wait for the shard",
                shard::occupancy,
                "shard",
                number);
        meters.gauge("thalweg.shard.ring.slots", "Room in the ring of the shard", shard::ringSlots, "shard", number);
    }

    @Override
    public void observe(TopicTable table) {
        meters.gauge("thalweg.partitions.led", "Partitions this broker leads", () -> count(table, Partition::isLed));
        meters.gauge(
                "thalweg.partitions.offline",
                "Partitions whose log could not be opened or committed",
                () -> count(table, Partition::isOffline));
    }

    private static long count(TopicTable table, Predicate<Partition> claim) {
        return table.all().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(claim)
                .count();
    }

    @Override
    public void observe(ClusterView cluster, ToIntFunction<String> minInsyncReplicas) {
        new ClusterMeters(cluster, minInsyncReplicas).register(meters);
    }

    @Override
    public Consumer<MetadataDelta> changes(int brokerId) {
        return new ChangeMeters(meters, brokerId);
    }

    @Override
    public void observe(String listenerName, Listener listener) {
        meters.gauge("thalweg.connections", "Open connections", listener::connectionCount, "listener", listenerName);
        meters.count(
                "thalweg.connections.refused",
                "Connections closed at once because of a limit",
                listener::refusedCount,
                "listener",
                listenerName);
    }

    @Override
    public void close() {
        topics.close();
        meters.close();
    }
}
