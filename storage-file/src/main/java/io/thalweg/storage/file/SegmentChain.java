package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The closed segments of a log that are durable: each ends where the next begins. Immutable.
 *
 * @param sizes the bytes of each, by its base offset; {@link #UNKNOWN} where segments are about to be replaced
 * @param end where the last of them ends; where the log begins if there are none
 */
record SegmentChain(NavigableMap<Long, Integer> sizes, long end) {

    static final int UNKNOWN = -1;

    SegmentChain {
        sizes = Collections.unmodifiableNavigableMap(new TreeMap<>(sizes));
    }

    /** The segments of a view, which has some, that end at or below a recovery point. */
    static SegmentChain of(LogView view, long recoveryPoint) {
        var sizes = new TreeMap<Long, Integer>();
        var end = view.segment(0).baseOffset();
        for (var i = 0; i + 1 < view.count() && view.segment(i + 1).baseOffset() <= recoveryPoint; i++) {
            sizes.put(view.segment(i).baseOffset(), view.segment(i).sizeInBytes());
            end = view.segment(i + 1).baseOffset();
        }
        return new SegmentChain(sizes, end);
    }

    /** The same, but of those in a range it is only known that the first one's base offset stays. */
    SegmentChain without(LogFiles.Range range) {
        var known = new TreeMap<>(sizes);
        var inRange = known.subMap(range.firstOffset(), range.endOffset());
        if (inRange.isEmpty()) {
            return this;
        }
        var first = inRange.firstKey();
        inRange.clear();
        known.put(first, UNKNOWN);
        return new SegmentChain(known, end);
    }

    /** What is left of it when everything from an offset on may go. */
    SegmentChain below(long offset) {
        var kept = new TreeMap<>(sizes);
        var keptEnd = end;
        while (keptEnd > offset && !kept.isEmpty()) {
            keptEnd = kept.lastKey();
            kept.remove(keptEnd);
        }
        return keptEnd == end ? this : new SegmentChain(kept, keptEnd);
    }

    long beginning() {
        return sizes.isEmpty() ? end : sizes.firstKey();
    }

    /** How much of the file of a segment belongs to it; 0 if that is not known. */
    int bytes(long baseOffset) {
        return Math.max(0, sizes.getOrDefault(baseOffset, 0));
    }

    /**
     * Looks for the segments among those that are there.
     *
     * @param found the base offsets of the files, ascending
     * @param start of the log; what ends at or below it may be gone
     */
    void check(LogId id, List<Long> found, long start) {
        var bases = new TreeMap<Long, Long>();
        found.forEach(base -> bases.put(base, base));
        var firstOffset = Math.max(start, beginning());
        if (!found.isEmpty() && found.get(0) > firstOffset) {
            throw damaged(id, firstOffset, found.get(0), "its first segment begins only at the latter");
        }
        for (var base : sizes.keySet()) {
            var segmentEnd = endOf(base);
            if (segmentEnd > start && sizes.get(base) != UNKNOWN) {
                check(id, base, segmentEnd, bases);
            }
        }
    }

    private static void check(LogId id, long base, long segmentEnd, NavigableMap<Long, Long> bases) {
        if (!bases.containsKey(base)) {
            throw damaged(id, base, segmentEnd, LogFiles.name(base, LogFiles.LOG) + " is missing");
        }
        var next = bases.higherKey(base);
        if (next != null && next < segmentEnd) {
            throw damaged(id, base, segmentEnd, LogFiles.name(next, LogFiles.LOG) + " does not belong there");
        }
    }

    private long endOf(long baseOffset) {
        var next = sizes.higherKey(baseOffset);
        return next == null ? end : next;
    }

    private static StorageException.Corrupt damaged(LogId id, long from, long to, String what) {
        return new StorageException.Corrupt(
                id + " lacks offsets from " + from + " up to " + to + ", which were durable: " + what
                        + "; nothing was changed",
                null);
    }

    /** Base offset and bytes of each segment, then the end; see {@link SegmentManifest}. */
    String encode() {
        var words = new StringBuilder();
        sizes.forEach(
                (base, bytes) -> words.append(base).append(' ').append(bytes).append(' '));
        return words.append(end).toString();
    }

    /** From the words of a line, of which the first ones belong to another. */
    static SegmentChain decode(String[] words, int from) {
        var sizes = new TreeMap<Long, Integer>();
        for (var i = from; i + 1 < words.length; i += 2) {
            sizes.put(Long.valueOf(words[i]), Integer.valueOf(words[i + 1]));
        }
        return new SegmentChain(sizes, Long.parseLong(words[words.length - 1]));
    }
}
