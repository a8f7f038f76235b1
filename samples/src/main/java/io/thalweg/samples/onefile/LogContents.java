package io.thalweg.samples.onefile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogOffsets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What the journal says about one log: where its batches are, its bounds, its checkpoints. Changed only by {@link #replay}, at run time as
 * at opening. Any thread; nothing slow is done under the lock.
 */
final class LogContents {

    private static final int CHECKPOINTS_KEPT = 2;

    @GuardedBy("this") private final NavigableMap<Long, StoredBatch> batches = new TreeMap<>();

    private final ConcurrentNavigableMap<String, ConcurrentNavigableMap<Long, ByteBuffer>> checkpoints =
            new ConcurrentSkipListMap<>();
    private volatile LogOffsets offsets = new LogOffsets(0, 0, 0, 0, -1);

    @GuardedBy("this") private long truncations;

    /** A batch and the position of its entry in the journal. */
    record StoredBatch(long position, int sizeInBytes, long baseOffset, long lastOffset, long maxTimestamp) {}

    /** How far a log went when a commit began; not durable any more if it was truncated since. */
    record Mark(LogContents contents, long end, long truncations) {
        void committed() {
            contents.committed(this);
        }
    }

    LogOffsets offsets() {
        return offsets;
    }

    synchronized Mark mark() {
        return new Mark(this, offsets.end(), truncations);
    }

    private synchronized void committed(Mark mark) {
        if (mark.truncations == truncations) {
            bound(offsets.start(), offsets.end(), Math.max(offsets.durable(), mark.end));
        }
    }

    synchronized void replay(Entry entry, long position) {
        switch (entry.kind()) {
            case BATCH -> append(entry, position);
            case TRUNCATE -> truncateTo(entry.offset());
            case START -> advanceStart(entry.offset());
            case CHECKPOINT -> save(entry);
            case REMOVE_CHECKPOINTS ->
                checkpoints
                        .values()
                        .forEach(named -> named.tailMap(entry.offset(), false).clear());
            case DELETE -> throw new IllegalArgumentException("a deletion is the engine's: " + entry.id());
        }
    }

    @GuardedBy("this") private void append(Entry entry, long position) {
        var batch = new StoredBatch(
                position, entry.payload().remaining(), entry.offset(), entry.lastOffset(), entry.maxTimestamp());
        batches.put(batch.baseOffset(), batch);
        var newest = Math.max(offsets.maxTimestamp(), batch.maxTimestamp());
        offsets = new LogOffsets(offsets.start(), offsets.start(), batch.lastOffset() + 1, offsets.durable(), newest);
    }

    @GuardedBy("this") private void truncateTo(long endOffset) {
        if (endOffset >= offsets.end()) {
            return;
        }
        truncations++;
        if (endOffset < offsets.start()) {
            batches.clear();
            bound(endOffset, endOffset, endOffset);
            return;
        }
        var cut = firstAtOrAfter(endOffset);
        var end = cut.map(batch -> Math.min(endOffset, Math.max(offsets.start(), batch.baseOffset())))
                .orElse(endOffset);
        cut.ifPresent(batch -> batches.tailMap(batch.baseOffset()).clear());
        bound(offsets.start(), end, offsets.durable());
    }

    @GuardedBy("this") private void advanceStart(long startOffset) {
        if (startOffset <= offsets.start()) {
            return;
        }
        batches.values().removeIf(batch -> batch.lastOffset() < startOffset);
        var end = Math.max(offsets.end(), startOffset);
        bound(startOffset, end, startOffset == end ? end : offsets.durable());
    }

    @GuardedBy("this") private void bound(long start, long end, long durable) {
        var newest = batches.values().stream()
                .mapToLong(StoredBatch::maxTimestamp)
                .max()
                .orElse(-1);
        offsets = new LogOffsets(start, start, end, Math.max(start, Math.min(durable, end)), newest);
    }

    private void save(Entry entry) {
        var named = checkpoints.computeIfAbsent(entry.name(), key -> new ConcurrentSkipListMap<>());
        var copy = ByteBuffer.allocate(entry.payload().remaining());
        named.put(entry.offset(), copy.put(entry.payload().duplicate()).flip());
        while (named.size() > CHECKPOINTS_KEPT) {
            named.pollFirstEntry();
        }
    }

    Optional<Checkpoint> latestCheckpoint(String name, long atMost) {
        return Optional.ofNullable(checkpoints.get(name))
                .map(named -> named.floorEntry(atMost))
                .map(found ->
                        new Checkpoint(name, found.getKey(), found.getValue().asReadOnlyBuffer()));
    }

    /**
     * The batches from the one that holds an offset on, none with an offset at or past {@code upTo}, at least one if there is any; empty if
     * the log does not reach there.
     */
    synchronized Optional<List<StoredBatch>> select(long from, long upTo, int maxBytes) {
        if (from < offsets.start() || from > offsets.end()) {
            return Optional.empty();
        }
        var selected = new ArrayList<StoredBatch>();
        var bytes = 0L;
        var first = firstAtOrAfter(from).map(StoredBatch::baseOffset).orElse(from);
        for (var batch : batches.tailMap(first).values()) {
            bytes += batch.sizeInBytes();
            if (batch.lastOffset() >= upTo || (bytes > maxBytes && !selected.isEmpty())) {
                break;
            }
            selected.add(batch);
        }
        return Optional.of(selected);
    }

    @GuardedBy("this") private Optional<StoredBatch> firstAtOrAfter(long offset) {
        var holder = batches.floorEntry(offset);
        if (holder != null && holder.getValue().lastOffset() >= offset) {
            return Optional.of(holder.getValue());
        }
        return Optional.ofNullable(batches.ceilingEntry(offset)).map(Map.Entry::getValue);
    }

    /** Where the first batch of that time or later begins; looks at one after the other. */
    synchronized OptionalLong find(long timestamp) {
        return batches.values().stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp)
                .mapToLong(batch -> Math.max(offsets.start(), batch.baseOffset()))
                .findFirst();
    }
}
