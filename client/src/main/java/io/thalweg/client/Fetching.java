package io.thalweg.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps fetches of the assigned partitions under way, one per leader, while the buffer has room. Owned by the loop. */
final class Fetching {

    private static final long RECHECK_NANOS = Duration.ofMillis(100).toNanos();

    private final ClientRuntime runtime;
    private final Connections connections;
    private final MetadataCache metadata;
    private final ConsumerConfig config;
    private final FetchBuffer buffer;
    private final Map<TopicPartition, FetchPosition> positions = new LinkedHashMap<>();
    private final Map<Integer, NodeFetcher> fetchers = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> endOffsets = new ConcurrentHashMap<>();
    private final AtomicBoolean isFetchDue = new AtomicBoolean();
    private boolean isRecheckDue;
    private boolean isClosed;

    Fetching(
            ClientRuntime runtime,
            Connections connections,
            MetadataCache metadata,
            ConsumerConfig config,
            FetchBuffer buffer) {
        this.runtime = runtime;
        this.connections = connections;
        this.metadata = metadata;
        this.config = config;
        this.buffer = buffer;
        metadata.whenChanged(this::fetchSoon);
    }

    /** Fetches these partitions from these offsets on, and no others. */
    void assign(Map<TopicPartition, Long> offsets, int generation) {
        assert runtime.isCurrent();
        positions.clear();
        var now = runtime.clock().nanos();
        offsets.forEach(
                (partition, offset) -> positions.put(partition, new FetchPosition(partition, generation, offset, now)));
        fetchSoon();
    }

    /** The end of a partition as last heard, or -1; any thread. */
    long endOffset(TopicPartition partition) {
        return endOffsets.getOrDefault(partition, -1L);
    }

    /** Has the loop begin what can be begun; from any thread. */
    void fetchSoon() {
        if (isFetchDue.compareAndSet(false, true)) {
            runtime.executeUnlessEnded(this::fetch);
        }
    }

    private void fetch() {
        assert runtime.isCurrent();
        isFetchDue.set(false);
        if (isClosed || positions.isEmpty() || buffer.bytes() > config.bufferBytes()) {
            return;
        }
        var now = runtime.clock().nanos();
        var byNode = new LinkedHashMap<Integer, Map<FetchPosition, Leader>>();
        for (var position : positions.values()) {
            var leader = position.isFetchable(now) ? metadata.image().leader(position.partition()) : null;
            if (leader != null) {
                byNode.computeIfAbsent(leader.nodeId(), key -> new LinkedHashMap<>())
                        .put(position, leader);
            } else if (position.isFetchable(now)) {
                metadata.refresh(position.partition().topic());
            }
        }
        byNode.forEach((node, wanted) -> fetchers.computeIfAbsent(
                        node, key -> new NodeFetcher(runtime, connections, config, this))
                .fetch(wanted));
        recheckLater();
    }

    /** What is blocked for a while is found again without a timer of its own. */
    private void recheckLater() {
        if (!isRecheckDue) {
            isRecheckDue = true;
            runtime.after(RECHECK_NANOS, () -> {
                isRecheckDue = false;
                fetchSoon();
            });
        }
    }

    void fetched(FetchedChunk chunk) {
        var position = positions.get(chunk.partition());
        if (position != null && position.generation() == chunk.generation()) {
            buffer.put(chunk);
        } else {
            chunk.frame().release();
        }
    }

    /** Fetches no more of a partition until it is assigned anew. */
    void leaveOut(TopicPartition partition, int generation) {
        assert runtime.isCurrent();
        var position = positions.get(partition);
        if (position != null && position.generation() == generation) {
            position.fail();
        }
    }

    void heardEnd(TopicPartition partition, long highWatermark) {
        endOffsets.put(partition, highWatermark);
    }

    void leaderMoved(TopicPartition partition) {
        metadata.refresh(partition.topic());
    }

    void failed(ClientException failure) {
        buffer.fail(failure);
    }

    void close() {
        assert runtime.isCurrent();
        isClosed = true;
        positions.clear();
        buffer.close();
    }
}
