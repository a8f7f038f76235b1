package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** What is kept of one partition, whether its log is open or not. Any thread; see {@link MemoryLog} for who may change it when. */
final class MemoryPartition {

    private static final int CHECKPOINTS_KEPT = 2;

    private volatile MemoryView view = MemoryView.EMPTY;

    private final ConcurrentNavigableMap<String, ConcurrentNavigableMap<Long, ByteBuffer>> checkpoints =
            new ConcurrentSkipListMap<>();

    private final AtomicLong usedBytes;

    /** How often batches have gone from the end, after which others may have their offsets. */
    private volatile int truncations;

    MemoryPartition(AtomicLong usedBytes) {
        this.usedBytes = usedBytes;
    }

    /** A copy of what is durable. */
    synchronized MemoryPartition survived(AtomicLong usedBytesThere) {
        var copy = new MemoryPartition(usedBytesThere);
        copy.view = view.survived();
        checkpoints.forEach((name, byOffset) -> copy.checkpoints.put(name, new ConcurrentSkipListMap<>(byOffset)));
        usedBytesThere.addAndGet(copy.view.sizeInBytes());
        return copy;
    }

    /** Whether anything was ever stored. */
    boolean isCreated() {
        return view != MemoryView.EMPTY || !checkpoints.isEmpty();
    }

    MemoryView view() {
        return view;
    }

    void append(List<Batch> copies, LogConfig config, long nowMillis) {
        change(current -> current.append(copies, config, nowMillis));
        usedBytes.addAndGet(
                copies.stream().mapToLong(copy -> copy.bytes().remaining()).sum());
    }

    void commit() {
        change(MemoryView::committed);
    }

    void roll() {
        change(MemoryView::rolled);
    }

    synchronized void truncateTo(long endOffset) {
        var before = view;
        shrink(current -> current.truncateTo(endOffset));
        if (view != before) {
            truncations = truncations + 1;
        }
    }

    int truncations() {
        return truncations;
    }

    /** Puts copies of batches in the place of closed segments, if there was no truncation since the given number of them. */
    synchronized void replace(long firstOffset, long endOffset, List<Batch> copies, int truncationsBefore) {
        if (truncations != truncationsBefore || !view.hasClosed(firstOffset, endOffset)) {
            throw new StorageException.Busy("replacement of offsets " + firstOffset + " to " + endOffset
                    + " refused: the segments are no longer as they were");
        }
        shrink(current -> current.replacing(firstOffset, endOffset, copies));
    }

    /** Replaces the view by one that holds other batches. */
    synchronized void shrink(UnaryOperator<MemoryView> change) {
        var before = view;
        view = change.apply(before);
        if (view != before) {
            usedBytes.addAndGet(view.sizeInBytes() - before.sizeInBytes());
        }
    }

    void clear() {
        checkpoints.clear();
        shrink(current -> MemoryView.EMPTY);
    }

    /** Commits come from any thread while the owner changes the rest. */
    private synchronized void change(UnaryOperator<MemoryView> change) {
        view = change.apply(view);
    }

    void save(Checkpoint copy) {
        var ofName = checkpoints.computeIfAbsent(copy.name(), key -> new ConcurrentSkipListMap<>());
        ofName.put(copy.offset(), copy.bytes());
        while (ofName.size() > CHECKPOINTS_KEPT) {
            ofName.pollFirstEntry();
        }
    }

    Optional<Checkpoint> latestCheckpoint(String name, long atMost) {
        return Optional.ofNullable(checkpoints.get(name))
                .map(ofName -> ofName.floorEntry(atMost))
                .map(entry ->
                        new Checkpoint(name, entry.getKey(), entry.getValue().asReadOnlyBuffer()));
    }

    void removeCheckpointsAbove(long offset) {
        checkpoints.values().forEach(ofName -> ofName.tailMap(offset, false).clear());
    }
}
