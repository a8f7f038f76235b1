package io.thalweg.client;

import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions it is told to, without a group. Fetches ahead while the application works.
 *
 * <p><b>Threads.</b> One application thread at a time polls and closes; {@code endOffset} and {@code trouble} from any.
 *
 * <p><b>Errors.</b> What does not pass by itself, such as an offset that is gone, is thrown by {@code poll} once the records before it
 * are polled; the partition is left out from then on, until it is assigned anew.
 */
public final class PartitionConsumer implements AutoCloseable {

    private static final long UNKNOWN = -1;
    private static final int ANY = -1;

    private final ClientRuntime runtime;
    private final FetchConfig config;
    private final OffsetLookup offsets;
    private final Fetching fetching;
    private final FetchBuffer buffer;
    private final Map<TopicPartition, Position> positions = new ConcurrentHashMap<>();
    private final AtomicInteger generation = new AtomicInteger();
    /** Held while an assignment takes effect, so that an older one, whose positions are known late, does not follow a newer one. */
    private final ReentrantLock assigning = new ReentrantLock();

    /** Partitions with a damaged batch, and what is to be thrown for the last of them. */
    private final Set<TopicPartition> damaged = ConcurrentHashMap.newKeySet();

    /** What was fetched of partitions before they were paused. */
    private final ArrayDeque<FetchedChunk> setAside = new ArrayDeque<>();

    private @Nullable RuntimeException damage;
    private @Nullable FetchedChunk damagedChunk;

    /** Where a partition is read; a new one for each time that it is assigned or sought. */
    private static final class Position {
        private final int generation;
        /** The generation it was assigned in; seeking keeps it. */
        private final int tenure;

        /** Where reading goes on if what it was to go on at cannot be found out. */
        private final long before;

        private volatile long nextOffset;
        private volatile boolean isPaused;

        Position(int generation, int tenure, long nextOffset, boolean isPaused) {
            this(generation, tenure, nextOffset, isPaused, UNKNOWN);
        }

        Position(int generation, int tenure, long nextOffset, boolean isPaused, long before) {
            this.generation = generation;
            this.tenure = tenure;
            this.nextOffset = nextOffset;
            this.isPaused = isPaused;
            this.before = before;
        }

        long lastKnown() {
            return nextOffset == UNKNOWN ? before : nextOffset;
        }
    }

    PartitionConsumer(
            ClientRuntime runtime, FetchConfig config, OffsetLookup offsets, Fetching fetching, FetchBuffer buffer) {
        this.runtime = runtime;
        this.config = config;
        this.offsets = offsets;
        this.fetching = fetching;
        this.buffer = buffer;
    }

    /**
     * Reads these partitions from these positions on, and no others; completes once the positions are known. One that is overtaken by the
     * next has no effect.
     */
    public CompletionStage<Void> assign(Map<TopicPartition, StartPosition> assignment) {
        var assigned = beginAssignment(assignment.keySet());
        return offsets.resolve(assignment).thenAccept(found -> assign(found, assigned));
    }

    private int beginAssignment(Set<TopicPartition> partitions) {
        assigning.lock();
        try {
            positions.clear();
            damaged.clear();
            var assigned = generation.incrementAndGet();
            partitions.forEach(each -> positions.put(each, new Position(assigned, assigned, UNKNOWN, false)));
            return assigned;
        } finally {
            assigning.unlock();
        }
    }

    private void assign(Map<TopicPartition, Long> found, int assigned) {
        assigning.lock();
        try {
            if (assigned == generation.get()) {
                found.forEach((partition, offset) ->
                        positions.put(partition, new Position(assigned, assigned, offset, isPaused(partition))));
                runtime.executeUnlessEnded(() -> fetching.assign(found, assigned));
            }
        } finally {
            assigning.unlock();
        }
    }

    private boolean isPaused(TopicPartition partition) {
        var position = positions.get(partition);
        return position != null && position.isPaused;
    }

    /** Reads an assigned partition from another position on; completes once it is known, and reads on if it cannot be. Any thread. */
    CompletionStage<Void> seek(TopicPartition partition, StartPosition position) {
        var sought = move(partition, ANY, UNKNOWN);
        if (sought == null) {
            throw new IllegalStateException("partition " + partition + " is not assigned; only what is can be sought");
        }
        return offsets.resolve(Map.of(partition, position)).handle((found, failure) -> {
            var target = found == null ? sought.before : found.getOrDefault(partition, UNKNOWN);
            var unused = move(partition, sought.generation, target);
            if (failure != null) {
                throw ClientException.from(failure);
            }
            return null;
        });
    }

    /** Has the records of the chunk from this one on polled again, unless its partition was sought or assigned anew. Any thread. */
    void rewind(PolledChunk chunk, int index) {
        if (index < chunk.records().size()) {
            var unused = move(chunk.partition(), chunk.generation(), chunk.nextOffset(index));
        }
    }

    /** Has an assigned partition read elsewhere; null if it is not assigned, or was assigned or sought after that generation. */
    private @Nullable Position move(TopicPartition partition, int since, long offset) {
        assigning.lock();
        try {
            var current = positions.get(partition);
            if (current == null || (since != ANY && current.generation != since)) {
                return null;
            }
            var moved = new Position(
                    generation.incrementAndGet(), current.tenure, offset, current.isPaused, current.lastKnown());
            positions.put(partition, moved);
            damaged.remove(partition);
            if (offset != UNKNOWN) {
                runtime.executeUnlessEnded(() -> fetching.add(partition, offset, moved.generation));
            }
            return moved;
        } finally {
            assigning.unlock();
        }
    }

    /** Reads these partitions too, from these offsets on; gives their tenure, which what is polled of them carries. Any thread. */
    int add(Map<TopicPartition, Long> more) {
        assigning.lock();
        try {
            var added = generation.incrementAndGet();
            more.forEach((partition, offset) -> {
                positions.put(partition, new Position(added, added, offset, isPaused(partition)));
                damaged.remove(partition);
                runtime.executeUnlessEnded(() -> fetching.add(partition, offset, added));
            });
            return added;
        } finally {
            assigning.unlock();
        }
    }

    /** Reads these partitions no more: not even what was fetched of them is polled. Any thread. */
    void remove(Collection<TopicPartition> gone) {
        assigning.lock();
        try {
            gone.forEach(positions::remove);
            runtime.executeUnlessEnded(() -> fetching.remove(gone));
        } finally {
            assigning.unlock();
        }
    }

    void pause(Collection<TopicPartition> partitions) {
        setPaused(partitions, true);
    }

    void resume(Collection<TopicPartition> partitions) {
        setPaused(partitions, false);
    }

    private void setPaused(Collection<TopicPartition> partitions, boolean isPaused) {
        for (var partition : partitions) {
            var position = positions.get(partition);
            if (position == null) {
                throw new IllegalStateException("partition " + partition + " is not assigned");
            }
            position.isPaused = isPaused;
        }
        runtime.executeUnlessEnded(() -> fetching.setPaused(partitions, isPaused));
        buffer.wake();
    }

    Set<TopicPartition> assignment() {
        return Set.copyOf(positions.keySet());
    }

    /** Has a poll that waits return. Any thread. */
    void wake() {
        buffer.wake();
    }

    /** The next records of one partition, waiting for some at most this long; none if none came. */
    public List<InboundRecord> poll(Duration timeout) {
        var chunk = pollChunk(timeout);
        return chunk == null ? List.of() : chunk.records();
    }

    /** As {@link #poll}, and where the records come from; null if none came. */
    @Nullable PolledChunk pollChunk(Duration timeout) {
        var deadline = runtime.clock().nanos() + timeout.toNanos();
        var chunk = pollProgress(timeout);
        while (chunk != null && chunk.records().isEmpty()) {
            chunk = pollProgress(Duration.ofNanos(deadline - runtime.clock().nanos()));
        }
        return chunk;
    }

    /** As {@link #pollChunk}, but tells of a chunk that shows no records, too: whoever commits goes on behind it. */
    @Nullable PolledChunk pollProgress(Duration timeout) {
        throwDamage();
        var deadline = runtime.clock().nanos() + timeout.toNanos();
        try {
            for (var fetched = next(deadline); fetched != null; fetched = next(deadline)) {
                var polled = fetched instanceof FetchedChunk chunk ? polled(chunk) : null;
                if (polled != null) {
                    return polled;
                }
                if (fetched instanceof FetchFailure failure && isCurrent(failure)) {
                    throw failure.reason();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private boolean isCurrent(FetchFailure failure) {
        return failure.generations().entrySet().stream().anyMatch(each -> isCurrent(each.getKey(), each.getValue()));
    }

    private boolean isCurrent(TopicPartition partition, int since) {
        var position = positions.get(partition);
        return position != null && position.generation == since;
    }

    private @Nullable PolledChunk polled(FetchedChunk chunk) {
        var position = positions.get(chunk.partition());
        if (position == null || !isWanted(chunk, position)) {
            chunk.frame().release();
        } else if (position.isPaused) {
            setAside.add(chunk);
        } else {
            var records = read(chunk, position);
            fetching.polled(chunk.partition(), records.size(), position.nextOffset);
            return new PolledChunk(
                    chunk.partition(), records, position.nextOffset, chunk.generation(), position.tenure);
        }
        return null;
    }

    private @Nullable Fetched next(long deadline) throws InterruptedException {
        for (var chunk : setAside) {
            var position = positions.get(chunk.partition());
            if (position == null || !position.isPaused) {
                setAside.remove(chunk);
                return chunk;
            }
        }
        var fetched = buffer.take(deadline - runtime.clock().nanos());
        if (fetched != null) {
            fetching.fetchSoon();
        }
        return fetched;
    }

    private boolean isWanted(FetchedChunk chunk, Position position) {
        return chunk.generation() == position.generation && !damaged.contains(chunk.partition());
    }

    private List<InboundRecord> read(FetchedChunk chunk, Position position) {
        var read = ChunkRecords.of(chunk, config.checksCrc());
        position.nextOffset = read.nextOffset();
        var reason = read.damage();
        if (reason != null) {
            leaveOut(chunk, reason);
        }
        if (read.records().isEmpty()) {
            throwDamage();
        }
        return read.records();
    }

    /** What follows a batch that cannot be read is not read either: the application would not notice the gap. */
    private void leaveOut(FetchedChunk chunk, RuntimeException reason) {
        damaged.add(chunk.partition());
        damage = reason;
        damagedChunk = chunk;
        runtime.executeUnlessEnded(() -> fetching.leaveOut(chunk.partition(), chunk.generation()));
    }

    private void throwDamage() {
        var reason = damage;
        var chunk = damagedChunk;
        damage = null;
        damagedChunk = null;
        if (reason != null && chunk != null && isCurrent(chunk.partition(), chunk.generation())) {
            throw reason;
        }
    }

    /** The offset after the last polled one, or where reading begins; -1 if the partition is not assigned or not looked up yet. */
    public long position(TopicPartition partition) {
        var position = positions.get(partition);
        return position == null ? UNKNOWN : position.nextOffset;
    }

    /** What has kept it from fetching some of its partitions since their last answer; it goes on trying. Any thread may ask. */
    public Optional<ClientException> trouble() {
        return fetching.trouble();
    }

    /** The end of the partition as the last fetch told it, or -1. */
    public long endOffset(TopicPartition partition) {
        return fetching.endOffset(partition);
    }

    @Override
    public void close() {
        end();
        release();
    }

    /** Ends a poll that waits, and fetches no more. Any thread. */
    void end() {
        buffer.close();
        runtime.executeUnlessEnded(fetching::close);
    }

    /** Gives back what is set aside; for the thread that polls. */
    void release() {
        setAside.forEach(chunk -> chunk.frame().release());
        setAside.clear();
    }
}
