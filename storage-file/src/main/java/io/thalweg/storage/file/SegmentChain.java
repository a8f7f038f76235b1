package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.util.Arrays;
import java.util.List;

/** The closed segments of a log that are durable: each ends where the next begins. Immutable; small, as there is one for each log. */
final class SegmentChain {

    /** In place of the bytes, where segments are about to be replaced. */
    private static final int UNKNOWN = -1;

    /** The base offsets, ascending. */
    private final long[] bases;

    private final int[] sizes;

    /** Where the last of them ends; where the log begins if there are none. */
    private final long end;

    private SegmentChain(long[] bases, int[] sizes, long end) {
        this.bases = bases;
        this.sizes = sizes;
        this.end = end;
    }

    /** The segments of a view, which has some, that end at or below a recovery point. */
    static SegmentChain of(LogView view, long recoveryPoint) {
        var count = countOf(view, recoveryPoint);
        var bases = new long[count];
        var sizes = new int[count];
        for (var i = 0; i < count; i++) {
            bases[i] = view.segment(i).baseOffset();
            sizes[i] = view.segment(i).sizeInBytes();
        }
        return new SegmentChain(bases, sizes, view.segment(count).baseOffset());
    }

    private static int countOf(LogView view, long recoveryPoint) {
        var count = 0;
        while (count + 1 < view.count() && view.segment(count + 1).baseOffset() <= recoveryPoint) {
            count++;
        }
        return count;
    }

    /** Whether it is that of a view; nothing is made for the answer, which is yes for every log that stands still. */
    boolean isOf(LogView view, long recoveryPoint) {
        var count = countOf(view, recoveryPoint);
        var isSame = count == bases.length && view.segment(count).baseOffset() == end;
        for (var i = 0; isSame && i < count; i++) {
            var segment = view.segment(i);
            isSame = bases[i] == segment.baseOffset() && sizes[i] == segment.sizeInBytes();
        }
        return isSame;
    }

    long end() {
        return end;
    }

    /** The same, but of those in a range it is only known that the first one's base offset stays. */
    SegmentChain without(LogFiles.Range range) {
        var from = indexFrom(range.firstOffset());
        var to = indexFrom(range.endOffset());
        if (from == to) {
            return this;
        }
        var removed = to - from - 1;
        var keptBases = Arrays.copyOf(bases, bases.length - removed);
        var keptSizes = Arrays.copyOf(sizes, sizes.length - removed);
        System.arraycopy(bases, to, keptBases, from + 1, bases.length - to);
        System.arraycopy(sizes, to, keptSizes, from + 1, sizes.length - to);
        keptSizes[from] = UNKNOWN;
        return new SegmentChain(keptBases, keptSizes, end);
    }

    /** The place of the first segment that begins at or above an offset. */
    private int indexFrom(long offset) {
        var found = Arrays.binarySearch(bases, offset);
        return found >= 0 ? found : -found - 1;
    }

    /** What is left of it when everything from an offset on may go. */
    SegmentChain below(long offset) {
        var count = bases.length;
        var keptEnd = end;
        while (keptEnd > offset && count > 0) {
            count--;
            keptEnd = bases[count];
        }
        return keptEnd == end
                ? this
                : new SegmentChain(Arrays.copyOf(bases, count), Arrays.copyOf(sizes, count), keptEnd);
    }

    private long beginning() {
        return bases.length == 0 ? end : bases[0];
    }

    /** How much of the file of a segment belongs to it; 0 if that is not known. */
    int bytes(long baseOffset) {
        var found = Arrays.binarySearch(bases, baseOffset);
        return found < 0 ? 0 : Math.max(0, sizes[found]);
    }

    /**
     * Looks for the segments among those that are there.
     *
     * @param found the base offsets of the files, ascending
     * @param start of the log; what ends at or below it may be gone
     */
    void check(LogId id, List<Long> found, long start) {
        var firstOffset = Math.max(start, beginning());
        if (!found.isEmpty() && found.get(0) > firstOffset) {
            throw damaged(id, firstOffset, found.get(0), "its first segment begins only at the latter");
        }
        var there = found.stream().mapToLong(Long::longValue).toArray();
        for (var i = 0; i < bases.length; i++) {
            var segmentEnd = i + 1 < bases.length ? bases[i + 1] : end;
            if (segmentEnd > start && sizes[i] != UNKNOWN) {
                check(id, bases[i], segmentEnd, there);
            }
        }
    }

    private static void check(LogId id, long base, long segmentEnd, long[] there) {
        var at = Arrays.binarySearch(there, base);
        if (at < 0) {
            throw damaged(id, base, segmentEnd, LogFiles.name(base, LogFiles.LOG) + " is missing");
        }
        if (at + 1 < there.length && there[at + 1] < segmentEnd) {
            throw damaged(id, base, segmentEnd, LogFiles.name(there[at + 1], LogFiles.LOG) + " does not belong there");
        }
    }

    private static StorageException.Corrupt damaged(LogId id, long from, long to, String what) {
        return new StorageException.Corrupt(
                id + " lacks offsets from " + from + " up to " + to + ", which were durable: " + what
                        + "; nothing was changed",
                null);
    }

    /** Base offset and bytes of each segment, then the end; see {@link SegmentManifest}. */
    void encode(StringBuilder words) {
        for (var i = 0; i < bases.length; i++) {
            words.append(bases[i]).append(' ').append(sizes[i]).append(' ');
        }
        words.append(end);
    }

    /** From the words of a line, of which the first ones belong to another. */
    static SegmentChain decode(String[] words, int from) {
        var count = (words.length - from) / 2;
        var bases = new long[count];
        var sizes = new int[count];
        for (var i = 0; i < count; i++) {
            bases[i] = Long.parseLong(words[from + 2 * i]);
            sizes[i] = Integer.parseInt(words[from + 2 * i + 1]);
        }
        return new SegmentChain(bases, sizes, Long.parseLong(words[words.length - 1]));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SegmentChain chain
                && end == chain.end
                && Arrays.equals(bases, chain.bases)
                && Arrays.equals(sizes, chain.sizes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bases) + Long.hashCode(end);
    }
}
