package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the segments of a log begin; on the heap they are no more than that. Immutable.
 *
 * @param bases their base offsets, ascending; the last one is of the segment that is appended to
 * @param activeBytes the bytes in that one
 * @param activeBegan the timestamp of its first batch, or when that came, epoch milliseconds
 */
record MemorySegments(List<Long> bases, long activeBytes, long activeBegan) {

    static final MemorySegments NONE = new MemorySegments(List.of(), 0, 0);

    MemorySegments {
        bases = List.copyOf(bases);
    }

    /** With one more batch at the end of the log, which is in a new segment if it has to be. */
    MemorySegments with(Batch batch, long end, LogConfig config, long nowMillis) {
        var bytes = batch.bytes().remaining();
        var millis = batch.maxTimestamp() >= 0 ? batch.maxTimestamp() : nowMillis;
        var isFull = activeBytes + bytes > config.segmentBytes() || millis - activeBegan > config.segmentMillis();
        if (bases.isEmpty() || (activeBytes > 0 && isFull)) {
            return new MemorySegments(plus(end), bytes, millis);
        }
        return new MemorySegments(bases, activeBytes + bytes, activeBytes == 0 ? millis : activeBegan);
    }

    /** The same with an empty segment at the end of the log. */
    MemorySegments rolled(long end) {
        return activeBytes == 0 ? this : new MemorySegments(plus(end), 0, 0);
    }

    private List<Long> plus(long base) {
        var more = new ArrayList<>(bases);
        more.add(base);
        return more;
    }

    /** The base offsets from the segment on that holds the start. */
    List<Long> basesFrom(long start) {
        var first = 0;
        while (first + 1 < bases.size() && bases.get(first + 1) <= start) {
            first++;
        }
        return bases.subList(first, bases.size());
    }

    /** The base offsets of segments that begin below an end. */
    List<Long> basesBelow(long end) {
        return bases.stream().filter(base -> base < end).toList();
    }

    /** The same, with one segment for all from one base offset to another. */
    MemorySegments merged(long firstOffset, long endOffset) {
        return new MemorySegments(
                bases.stream()
                        .filter(base -> base <= firstOffset || base >= endOffset)
                        .toList(),
                activeBytes,
                activeBegan);
    }

    /** Whether closed segments begin at the one offset and end at the other. */
    boolean hasClosed(long firstOffset, long endOffset) {
        return firstOffset < endOffset && bases.contains(firstOffset) && bases.contains(endOffset);
    }
}
