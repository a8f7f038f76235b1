package io.thalweg.client;

import io.thalweg.api.Isolation;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.spi.transport.Transport;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to a cluster.
 *
 * <p><b>Threads.</b> Any thread may call. The client has one thread, an event loop of its own that the transport opens for it: all that
 * is the client's, its connections too, belongs to it.
 *
 * <p><b>Ownership.</b> The transport is lent until the client is closed.
 *
 * <p><b>Close.</b> Idempotent. Producers and consumers are closed before it by who made them; what is still under way fails, and so does
 * what is asked for later. A transport that is closed before its client has the same effect.
 */
public final class Client implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ClientRuntime runtime;
    private final Connections connections;
    private final Retries retries;
    private final MetadataCache metadata;
    private final OffsetLookup offsets;

    private Client(ClientRuntime runtime, ConnectionConfig config) {
        this.runtime = runtime;
        this.connections = new Connections(runtime, config, ClientMeters.find(config.clientId()));
        this.retries = new Retries(runtime, config.retryTimeout());
        this.metadata = new MetadataCache(runtime, connections, retries);
        this.offsets = lookup(Isolation.READ_UNCOMMITTED);
        runtime.loop().atEnd(this::end);
    }

    /** Makes a client; connections are made when they are needed. */
    public static Client connect(Transport transport, ConnectionConfig config) {
        var loop = transport.openLoop("thalweg-client-" + COUNT.incrementAndGet());
        return on(new ClientRuntime(loop, new MachineClock(), new Random()), config);
    }

    /** Makes a client on this runtime, whose loop it closes. */
    static Client on(ClientRuntime runtime, ConnectionConfig config) {
        return new Client(runtime, config);
    }

    private OffsetLookup lookup(Isolation isolation) {
        return new OffsetLookup(metadata, connections, retries, isolation);
    }

    ClientRuntime runtime() {
        return runtime;
    }

    MetadataCache metadata() {
        return metadata;
    }

    /** Looks after topics. */
    public TopicAdmin topics() {
        return new TopicAdmin(metadata, connections, retries, offsets);
    }

    /** Looks after consumer groups. */
    public GroupAdmin groups() {
        return new GroupAdmin(metadata, connections, retries);
    }

    /** Makes members of the subscription's group. */
    GroupMember.Factory members(Subscription<?, ?> subscription) {
        return owner -> {
            var link = new CoordinatorLink(subscription.group(), metadata, connections);
            var lookup = lookup(subscription.reader().isolation());
            var committed = new MemberOffsets(link, metadata, lookup, subscription);
            return new GroupMember(runtime, metadata, retries, link, committed, subscription, owner);
        };
    }

    WireAdmin admin() {
        return new WireAdmin(runtime, topics(), groups(), offsets, metadata, connections, retries);
    }

    /** Looks after settings. */
    public ConfigAdmin configs() {
        return new ConfigAdmin(metadata, connections, retries);
    }

    /** Looks after quotas. */
    public QuotaAdmin quotas() {
        return new QuotaAdmin(metadata, connections, retries);
    }

    /** Makes a producer. */
    public BatchProducer producer(BatchConfig config) {
        var accumulator = new RecordAccumulator(config, runtime.clock());
        var identities = new IdentitySource(metadata, connections, retries, config.wantsIdempotence());
        var sender = new ProduceSender(runtime, connections, metadata, config, accumulator, identities);
        return new BatchProducer(runtime, metadata, config, accumulator, sender);
    }

    /** Makes a consumer. */
    public PartitionConsumer consumer(FetchConfig config) {
        return consumer(config, GonePolicy.FAIL);
    }

    PartitionConsumer consumer(FetchConfig config, GonePolicy whenGone) {
        var buffer = new FetchBuffer();
        var lookup = lookup(config.isolation());
        var fetching = new Fetching(runtime, connections, metadata, lookup, config, buffer, whenGone);
        return new PartitionConsumer(runtime, config, lookup, fetching, buffer);
    }

    /** The partitions of a topic, by number. */
    public CompletionStage<List<TopicPartition>> partitions(String topic) {
        return metadata.topic(topic)
                .thenApply(image -> image.partitions().stream()
                        .map(each -> new TopicPartition(topic, each.index()))
                        .toList());
    }

    /** The offset of each position. */
    public CompletionStage<Map<TopicPartition, Long>> offsets(Map<TopicPartition, StartPosition> positions) {
        return offsets.resolve(positions);
    }

    @Override
    public void close() {
        runtime.executeUnlessEnded(this::end);
        runtime.loop().close();
    }

    /** Timers of a client that has ended never run: all that waits for one fails now. */
    private void end() {
        if (!connections.isClosed()) {
            connections.close();
            retries.close();
        }
    }
}
