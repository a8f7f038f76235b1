package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogOffsets;
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

    static final MemoryView EMPTY = emptyAt(0);

    private final Batch[] batches;
    private final int from;
    private final int to;
    private final long start;
    private final long end;
    private final long durable;
    private final long maxTimestamp;

    private MemoryView(Batch[] batches, int from, int to, long start, long end, long durable, long maxTimestamp) {
        this.batches = batches;
        this.from = from;
        this.to = to;
        this.start = start;
        this.end = end;
        this.durable = Math.min(durable, end);
        this.maxTimestamp = maxTimestamp;
    }

    private static MemoryView emptyAt(long offset) {
        return new MemoryView(new Batch[FIRST_CAPACITY], 0, 0, offset, offset, offset, -1);
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
        var bytes = 0L;
        for (var i = from; i < to; i++) {
            bytes += batches[i].bytes().remaining();
        }
        return bytes;
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

    MemoryView append(List<Batch> added) {
        var fits = to + added.size() <= batches.length;
        var array = fits ? batches : Arrays.copyOfRange(batches, from, from + 2 * (to - from + added.size()));
        var first = fits ? from : 0;
        var next = fits ? to : to - from;
        var timestamp = maxTimestamp;
        for (var batch : added) {
            array[next++] = batch;
            timestamp = Math.max(timestamp, batch.maxTimestamp());
        }
        return new MemoryView(array, first, next, start, array[next - 1].lastOffset() + 1, durable, timestamp);
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
        return copyOf(from, kept, start, newEnd);
    }

    MemoryView advanceStart(long startOffset) {
        if (startOffset <= start) {
            return this;
        }
        return startOffset >= end ? emptyAt(startOffset) : copyOf(indexOf(startOffset), to, startOffset, end);
    }

    MemoryView committed() {
        return durable == end ? this : new MemoryView(batches, from, to, start, end, end, maxTimestamp);
    }

    /** A view on an array of its own, so that what was removed can be collected and an older view's places are left alone. */
    private MemoryView copyOf(int first, int last, long newStart, long newEnd) {
        var count = last - first;
        var array = Arrays.copyOfRange(batches, first, first + Math.max(FIRST_CAPACITY, 2 * count));
        Arrays.fill(array, count, array.length, null);
        var timestamp = -1L;
        for (var i = 0; i < count; i++) {
            timestamp = Math.max(timestamp, array[i].maxTimestamp());
        }
        return new MemoryView(array, 0, count, newStart, newEnd, durable, timestamp);
    }
}
