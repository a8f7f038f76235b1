package io.thalweg.broker;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Partition;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A running broker.
 *
 * <pre>{@code
 * try (var broker = Broker.builder().storage(FileStorage.at(dir)).listen("127.0.0.1:0").start()) {
 *     connect(broker.bootstrap());
 * }
 * }</pre>
 *
 * <p>Any number may run in one JVM. Any thread may call.
 */
public final class Broker implements AutoCloseable {

    private final String clusterId;
    private final List<Endpoint> endpoints;
    private final TopicTable topics;
    private final ResourceStack parts;
    private final Runnable silence;

    /**
     * A running broker.
     *
     * @param topics what it knows of the cluster's
     * @param silence has nothing more said to the cluster
     */
    Broker(String clusterId, List<Endpoint> endpoints, TopicTable topics, ResourceStack parts, Runnable silence) {
        this.clusterId = clusterId;
        this.endpoints = List.copyOf(endpoints);
        this.topics = topics;
        this.parts = parts;
        this.silence = silence;
    }

    public static BrokerBuilder builder() {
        return new BrokerBuilder();
    }

    /** What clients call {@code bootstrap.servers}: the advertised endpoints, separated by commas. */
    public String bootstrap() {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    }

    /** Where clients are told to connect, one per listener. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    public String clusterId() {
        return clusterId;
    }

    /** What it leads, for the simulator, in which one thread is that of every shard. */
    @SuppressWarnings("exports") // The simulator sees their type.
    public List<LeaderPartition> leaders() {
        return topics.all().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(Partition::leader)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Closes without a word to the cluster, which learns of it when the broker's session ends. */
    synchronized void halt() {
        silence.run();
        parts.close();
    }

    /**
     * Answers what was begun, makes durable what was appended, and gives back everything. Idempotent and bounded in time; any thread, any
     * number of them at once, and an interrupt does not cut it short.
     */
    @Override
    public synchronized void close() {
        parts.close();
    }
}
