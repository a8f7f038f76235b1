package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

    long sizeInBytes() {
        var size = 0L;
        for (var segment : segments) {
            size += segment.sizeInBytes();
        }
        return size;
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

    /** The segments as others see them. */
    List<LogSegment> described() {
        var list = new ArrayList<LogSegment>(segments.length);
        for (var i = 0; i < segments.length; i++) {
            var tail = segments[i].tail();
            // Recovery may have found that the last batches of a closed segment have been taken out.
            var end = i + 1 < segments.length ? segments[i + 1].baseOffset() : tail.endOffset();
            list.add(new LogSegment(
                    segments[i].baseOffset(),
                    end,
                    tail.sizeInBytes(),
                    tail.maxTimestamp(),
                    segments[i].modifiedMillis()));
        }
        return list;
    }

    /** The closed segments from one offset to another; none if these are not bounds of closed segments. */
    List<Segment> closed(LogFiles.Range range) {
        var first = indexOf(range.firstOffset());
        var end = indexOf(range.endOffset());
        var isWhole = first < end
                && segments[first].baseOffset() == range.firstOffset()
                && segments[end].baseOffset() == range.endOffset();
        return isWhole ? List.of(segments).subList(first, end) : List.of();
    }

    /** With one segment in the place of several; the same if one of those is no longer there. */
    LogView replacing(List<Segment> old, Segment replacement) {
        var all = new ArrayList<>(List.of(segments));
        var at = Collections.indexOfSubList(all, old);
        if (at < 0) {
            return this;
        }
        all.subList(at, at + old.size()).clear();
        all.add(at, replacement);
        return new LogView(all, start);
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
