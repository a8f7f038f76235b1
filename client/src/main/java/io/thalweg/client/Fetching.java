package io.thalweg.client;

import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps fetches of the assigned partitions under way, one per leader, while the buffer has room. Owned by the loop. */
final class Fetching {

    private static final Logger log = LoggerFactory.getLogger(Fetching.class);
    private static final long RECHECK_NANOS = Duration.ofMillis(100).toNanos();
    /** A broker that has just started may not know its topics yet. */
    private static final long MISSING_LIMIT_NANOS = Duration.ofSeconds(2).toNanos();

    private final ClientRuntime runtime;
    private final Connections connections;
    private final MetadataCache metadata;
    private final OffsetLookup offsets;
    private final FetchConfig config;
    private final FetchBuffer buffer;
    private final GonePolicy whenGone;
    /** Those that were given something last come last: a broker that keeps no session serves them in the order of the request. */
    private final Map<TopicPartition, FetchPosition> positions = new LinkedHashMap<>();

    private final Map<Integer, NodeFetcher> fetchers = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> endOffsets = new ConcurrentHashMap<>();
    private final AtomicBoolean isFetchDue = new AtomicBoolean();
    private final Runnable listening = this::metadataChanged;
    private final Runnable ending = this::fetchSoon;
    private volatile @Nullable ClientException trouble;
    private boolean isRecheckDue;
    private boolean isClosed;

    Fetching(
            ClientRuntime runtime,
            Connections connections,
            MetadataCache metadata,
            OffsetLookup offsets,
            FetchConfig config,
            FetchBuffer buffer,
            GonePolicy whenGone) {
        this.runtime = runtime;
        this.connections = connections;
        this.metadata = metadata;
        this.offsets = offsets;
        this.config = config;
        this.buffer = buffer;
        this.whenGone = whenGone;
        metadata.whenChanged(listening);
        connections.whenClosed(ending);
    }

    /** Fetches these partitions from these offsets on, and no others. */
    void assign(Map<TopicPartition, Long> starts, int generation) {
        assert runtime.isCurrent();
        var before = List.copyOf(positions.keySet());
        positions.clear();
        var now = runtime.clock().nanos();
        starts.forEach(
                (partition, start) -> positions.put(partition, new FetchPosition(partition, generation, start, now)));
        connections.meters().entered(positions.keySet());
        connections.meters().left(before);
        fetchSoon();
    }

    /** Fetches this partition from this offset on, besides the others. */
    void add(TopicPartition partition, long start, int generation) {
        assert runtime.isCurrent();
        var before = positions.get(partition);
        if (before != null && before.generation() > generation) {
            return;
        }
        var position =
                new FetchPosition(partition, generation, start, runtime.clock().nanos());
        position.setPaused(before != null && before.isPaused());
        positions.put(partition, position);
        if (before == null) {
            connections.meters().entered(List.of(partition));
        }
        fetchSoon();
    }

    /** Fetches these partitions no more. */
    void remove(Collection<TopicPartition> partitions) {
        assert runtime.isCurrent();
        var left = partitions.stream()
                .filter(partition -> positions.remove(partition) != null)
                .toList();
        connections.meters().left(left);
    }

    /** Leaves the partitions out, or not any more. */
    void setPaused(Collection<TopicPartition> partitions, boolean isPaused) {
        assert runtime.isCurrent();
        for (var partition : partitions) {
            var position = positions.get(partition);
            if (position != null) {
                position.setPaused(isPaused);
            }
        }
        fetchSoon();
    }

    /** The end of a partition as last heard, or -1; any thread. */
    long endOffset(TopicPartition partition) {
        return endOffsets.getOrDefault(partition, -1L);
    }

    /** Records of the partition were polled, up to this offset; any thread. */
    void polled(TopicPartition partition, int records, long nextOffset) {
        connections.meters().read(partition, records, Math.max(0, endOffset(partition) - nextOffset));
    }

    /** What keeps some partition from being fetched while it is tried again; any thread. */
    Optional<ClientException> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Has the loop begin what can be begun; from any thread. */
    void fetchSoon() {
        if (isFetchDue.compareAndSet(false, true) && !runtime.executeUnlessEnded(this::fetch)) {
            buffer.end(ClientException.closed());
        }
    }

    private void fetch() {
        assert runtime.isCurrent();
        isFetchDue.set(false);
        if (connections.isClosed()) {
            buffer.end(ClientException.closed());
            return;
        }
        if (isClosed || positions.isEmpty() || buffer.bytes() > config.bufferBytes()) {
            return;
        }
        var now = runtime.clock().nanos();
        var byNode = new LinkedHashMap<Integer, Map<FetchPosition, Leader>>();
        for (var position : positions.values()) {
            var leader = position.isFetchable(now) ? leader(position) : null;
            if (leader != null) {
                byNode.computeIfAbsent(leader.nodeId(), key -> new LinkedHashMap<>())
                        .put(position, leader);
            }
        }
        trouble = positions.values().stream()
                .map(FetchPosition::trouble)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        byNode.forEach((node, wanted) -> fetchers.computeIfAbsent(
                        node, key -> new NodeFetcher(runtime, connections, config, this))
                .fetch(wanted));
        recheckLater();
    }

    /** Where the partition can be fetched, if that is known; else it will be asked for. */
    private @Nullable Leader leader(FetchPosition position) {
        var leader = metadata.image().leader(position.partition());
        if (leader == null) {
            metadata.refresh(position.partition().topic());
            if (position.trouble() == null) {
                position.troubled(ClientException.answered(
                        "leader of " + position.partition(), ErrorCode.LEADER_NOT_AVAILABLE, null));
            }
            return null;
        }
        if (!position.isSameTopic(leader.topicId())) {
            end(
                    position,
                    ErrorCode.INCONSISTENT_TOPIC_ID,
                    "topic " + position.partition().topic() + " was deleted and created anew");
            return null;
        }
        return leader;
    }

    private void metadataChanged() {
        var now = runtime.clock().nanos();
        for (var position : positions.values()) {
            var topic = position.partition().topic();
            var isKnown = metadata.image().topic(topic).isPresent();
            if (position.missingNanos(isKnown, now) > MISSING_LIMIT_NANOS && position.isFetchable(now)) {
                end(position, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + topic + " does not exist, or no longer");
            }
        }
        fetchSoon();
    }

    /** A group's coordinator hears of topics that are gone as well, and has its members read others: one of many must not end them. */
    private void end(FetchPosition position, ErrorCode code, String message) {
        var reason = new ClientException(code, message, null);
        if (whenGone.isOfGroup()) {
            position.troubled(reason);
        } else {
            failed(List.of(position), reason);
        }
    }

    /** What is blocked for a while is found again without a timer of its own. */
    private void recheckLater() {
        if (!isRecheckDue && !isClosed) {
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
            positions.remove(chunk.partition());
            positions.put(chunk.partition(), position);
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

    void leaderMoved(TopicPartition partition, Optional<LeaderHint> hint) {
        metadata.refresh(partition, hint);
    }

    /** Ends reading these partitions, and tells why. */
    void failed(Collection<FetchPosition> failed, ClientException reason) {
        failed.forEach(FetchPosition::fail);
        tell(failed, reason);
    }

    private void tell(Collection<FetchPosition> failed, ClientException reason) {
        var generations = new HashMap<TopicPartition, Integer>();
        failed.forEach(each -> generations.put(each.partition(), each.generation()));
        buffer.fail(new FetchFailure(generations, reason));
    }

    /** There is no such offset, or no longer. */
    void outOfRange(FetchPosition position) {
        position.fail();
        var start = whenGone.offset();
        if (start == null) {
            tellBounds(position);
        } else {
            goOn(position, start);
        }
    }

    private void goOn(FetchPosition position, StartPosition start) {
        var partition = position.partition();
        var gone = position.nextOffset();
        var unused = offsets.resolve(Map.of(partition, start))
                .whenComplete((found, failure) -> runtime.executeUnlessEnded(() -> {
                    var offset = found == null ? gone : found.getOrDefault(partition, gone);
                    if (offset != gone) {
                        log.warn(
                                "offset {} of {} is gone; reading goes on at {}, where the group begins",
                                gone,
                                partition,
                                offset);
                    }
                    position.goOnAt(offset);
                    position.blockUntil(runtime.clock().nanos() + Retries.backoffNanos(2, runtime));
                    fetchSoon();
                    recheckLater();
                }));
    }

    /** Tells what there is to read. */
    private void tellBounds(FetchPosition position) {
        var partition = position.partition();
        var start = offsets.resolve(Map.of(partition, StartPosition.BEGINNING));
        var end = offsets.resolve(Map.of(partition, StartPosition.END));
        var unused = start.thenCombine(
                        end,
                        (starts, ends) ->
                                bounds(starts.getOrDefault(partition, -1L), ends.getOrDefault(partition, -1L)))
                .exceptionally(unknown -> "which offsets it has is not known")
                .thenAccept(bounds -> tell(
                        List.of(position),
                        new ClientException(
                                ErrorCode.OFFSET_OUT_OF_RANGE,
                                "offset " + position.nextOffset() + " of " + partition + " is out of range: " + bounds,
                                null)));
    }

    private static String bounds(long start, long end) {
        return start < end
                ? "it holds offsets " + start + " to " + (end - 1)
                : "it is empty, and its next record gets offset " + end;
    }

    void close() {
        assert runtime.isCurrent();
        isClosed = true;
        metadata.forget(listening);
        connections.forget(ending);
        connections.closeThoseOf(this);
        connections.meters().left(positions.keySet());
        positions.clear();
        buffer.close();
    }
}
