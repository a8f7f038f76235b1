package io.thalweg.storage.file;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of a log and its start at one moment, immutable; only the last segment grows. */
final class LogView {

    private final Segment[] segments;
    private final long start;

    /** The greatest timestamp of all segments but the last. */
    private final long closedMaxTimestamp;

    LogView(List<Segment> segments, long start) {
        this(segments.toArray(Segment[]::new), start);
    }

    private LogView(Segment[] segments, long start) {
        this.segments = segments;
        this.start = start;
        var timestamp = -1L;
        for (var i = 0; i < segments.length - 1; i++) {
            timestamp = Math.max(timestamp, segments[i].tail().maxTimestamp());
        }
        this.closedMaxTimestamp = timestamp;
    }

    static LogView emptyAt(long offset) {
        return new LogView(new Segment[0], offset);
    }

    long start() {
        return start;
    }

    long end() {
        return segments.length == 0 ? start : segments[segments.length - 1].endOffset();
    }

    long maxTimestamp() {
        return segments.length == 0
                ? -1
                : Math.max(
                        closedMaxTimestamp, segments[segments.length - 1].tail().maxTimestamp());
    }

    /** The segment that is appended to, or null before the first append. */
    @Nullable Segment active() {
        return segments.length == 0 ? null : segments[segments.length - 1];
    }

    int count() {
        return segments.length;
    }

    Segment segment(int index) {
        return segments[index];
    }

    List<Segment> segments() {
        return List.of(segments);
    }

    /** The place of the last segment that begins at or below the offset; 0 if none does. */
    int indexOf(long offset) {
        var low = 0;
        var high = segments.length - 1;
        while (low < high) {
            var middle = (low + high + 1) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The same with more segments at the end. */
    LogView with(List<Segment> added) {
        var larger = Arrays.copyOf(segments, segments.length + added.size());
        for (var i = 0; i < added.size(); i++) {
            larger[segments.length + i] = added.get(i);
        }
        return new LogView(larger, start);
    }

    /** Beginning at a later start, without the segments that end at or below it. */
    LogView startingAt(long newStart) {
        var first = 0;
        while (first < segments.length && endsBy(first, newStart)) {
            first++;
        }
        return new LogView(Arrays.copyOfRange(segments, first, segments.length), newStart);
    }

    private boolean endsBy(int index, long offset) {
        return index + 1 < segments.length
                ? segments[index + 1].baseOffset() <= offset
                // The last one stays if the next append would create a file of the same name.
                : segments[index].endOffset() <= offset && segments[index].baseOffset() < offset;
    }

    /** With another segment in the place of one; the same if that is no longer there. */
    LogView replacing(Segment old, Segment replacement) {
        var copy = segments.clone();
        for (var i = 0; i < copy.length; i++) {
            if (copy[i] == old) {
                copy[i] = replacement;
            }
        }
        return new LogView(copy, start);
    }
}
