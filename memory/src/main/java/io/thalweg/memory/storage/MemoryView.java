package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The content of a log at one moment; immutable as far as anyone can see.
 *
 * <p>Views that grow out of one another share their array: an append fills only places past every earlier view's {@code to}, a
 * truncation starts a new array.
 */
final class MemoryView {

    private static final int FIRST_CAPACITY = 16;

    /** Where every log begins; its array has no places, or they would share those. */
    static final MemoryView EMPTY = new MemoryView(new Batch[0], 0, 0, 0, 0, 0, -1, MemorySegments.NONE);

    private final Batch[] batches;
    private final int from;
    private final int to;
    private final long start;
    private final long end;
    private final long durable;
    private final long maxTimestamp;
    private final MemorySegments segments;

    private MemoryView(
            Batch[] batches,
            int from,
            int to,
            long start,
            long end,
            long durable,
            long maxTimestamp,
            MemorySegments segments) {
        this.batches = batches;
        this.from = from;
        this.to = to;
        this.start = start;
        this.end = end;
        this.durable = Math.min(durable, end);
        this.maxTimestamp = maxTimestamp;
        this.segments = segments;
    }

    private static MemoryView emptyAt(long offset) {
        return new MemoryView(new Batch[FIRST_CAPACITY], 0, 0, offset, offset, offset, -1, MemorySegments.NONE);
    }

    LogOffsets offsets() {
        return new LogOffsets(start, start, end, durable, maxTimestamp);
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long sizeInBytes() {
        return bytesOf(batches, from, to);
    }

    /** The place of the first batch whose last offset is at or above the given one; {@link #to} if there is none. */
    int indexOf(long offset) {
        var low = from;
        var high = to;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (batches[middle].lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int to() {
        return to;
    }

    Batch batch(int index) {
        return batches[index];
    }

    MemoryView append(List<Batch> added, LogConfig config, long nowMillis) {
        var fits = to + added.size() <= batches.length;
        var array = fits ? batches : Arrays.copyOfRange(batches, from, from + 2 * (to - from + added.size()));
        var first = fits ? from : 0;
        var next = fits ? to : to - from;
        var timestamp = maxTimestamp;
        var grown = segments;
        var newEnd = end;
        for (var batch : added) {
            array[next++] = batch;
            timestamp = Math.max(timestamp, batch.maxTimestamp());
            grown = grown.with(batch, newEnd, config, nowMillis);
            newEnd = batch.lastOffset() + 1;
        }
        return new MemoryView(array, first, next, start, newEnd, durable, timestamp, grown);
    }

    MemoryView rolled() {
        var rolled = segments.rolled(end);
        return rolled.equals(segments)
                ? this
                : new MemoryView(batches, from, to, start, end, durable, maxTimestamp, rolled);
    }

    MemoryView truncateTo(long endOffset) {
        if (endOffset >= end) {
            return this;
        }
        if (endOffset < start) {
            return emptyAt(endOffset);
        }
        var kept = indexOf(endOffset);
        // The batch that holds the offset goes as a whole, and with it the end; one that lies above leaves a gap that
        // is kept.
        var newEnd = kept < to ? Math.min(endOffset, Math.max(start, batches[kept].baseOffset())) : endOffset;
        return copyOf(from, kept, start, newEnd, segments.basesBelow(newEnd));
    }

    /** What is durable, on an array of its own: from here on there are two logs. */
    MemoryView survived() {
        if (this == EMPTY) {
            return this;
        }
        return durable < end ? truncateTo(Math.max(start, durable)) : copyOf(from, to, start, end, segments.bases());
    }

    MemoryView advanceStart(long startOffset) {
        if (startOffset <= start) {
            return this;
        }
        return startOffset >= end
                ? emptyAt(startOffset)
                : copyOf(indexOf(startOffset), to, startOffset, end, segments.basesFrom(startOffset));
    }

    MemoryView committed() {
        return durable == end ? this : new MemoryView(batches, from, to, start, end, end, maxTimestamp, segments);
    }

    /** Whether closed segments begin at the one offset and end at the other. */
    boolean hasClosed(long firstOffset, long endOffset) {
        return segments.hasClosed(firstOffset, endOffset);
    }

    /** With these batches in the place of those of closed segments. */
    MemoryView replacing(long firstOffset, long endOffset, List<Batch> replacement) {
        var first = indexOf(firstOffset);
        var last = indexOf(endOffset);
        var all = new ArrayList<Batch>(to - from - (last - first) + replacement.size());
        all.addAll(Arrays.asList(batches).subList(from, first));
        all.addAll(replacement);
        all.addAll(Arrays.asList(batches).subList(last, to));
        var array = all.toArray(new Batch[Math.max(FIRST_CAPACITY, 2 * all.size())]);
        var merged = segments.merged(firstOffset, endOffset);
        return new MemoryView(array, 0, all.size(), start, end, durable, timestampOf(array, 0, all.size()), merged);
    }

    List<LogSegment> segments() {
        var list = new ArrayList<LogSegment>();
        var bases = segments.bases();
        for (var i = 0; i < bases.size(); i++) {
            list.add(segment(bases.get(i), i + 1 < bases.size() ? bases.get(i + 1) : end));
        }
        return list;
    }

    private LogSegment segment(long base, long segmentEnd) {
        var first = indexOf(base);
        var next = first;
        while (next < to && batches[next].baseOffset() < segmentEnd) {
            next++;
        }
        return new LogSegment(base, segmentEnd, bytesOf(batches, first, next), timestampOf(batches, first, next));
    }

    /** A view on an array of its own, so that what was removed can be collected and an older view's places are left alone. */
    private MemoryView copyOf(int first, int last, long newStart, long newEnd, List<Long> bases) {
        var count = last - first;
        var array = Arrays.copyOfRange(batches, first, first + Math.max(FIRST_CAPACITY, 2 * count));
        Arrays.fill(array, count, array.length, null);
        var active = count;
        while (active > 0 && array[active - 1].baseOffset() >= bases.get(bases.size() - 1)) {
            active--;
        }
        var began = active < count ? array[active].maxTimestamp() : 0;
        var kept = new MemorySegments(bases, bytesOf(array, active, count), began);
        return new MemoryView(array, 0, count, newStart, newEnd, durable, timestampOf(array, 0, count), kept);
    }

    private static long bytesOf(Batch[] batches, int first, int last) {
        var bytes = 0L;
        for (var i = first; i < last; i++) {
            bytes += batches[i].bytes().remaining();
        }
        return bytes;
    }

    private static long timestampOf(Batch[] batches, int first, int last) {
        var timestamp = -1L;
        for (var i = first; i < last; i++) {
            timestamp = Math.max(timestamp, batches[i].maxTimestamp());
        }
        return timestamp;
    }
}
