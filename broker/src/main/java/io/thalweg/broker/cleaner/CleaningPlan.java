package io.thalweg.broker.cleaner;

import io.thalweg.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is to clean in a log.
 *
 * @param target the log
 * @param segments the closed segments that may be written anew, from the first one on
 * @param firstDirty where the part begins that no cleaning has gone over
 * @param cleanBytes the bytes of segments below that
 * @param dirtyBytes the bytes of the others
 */
record CleaningPlan(CleanTarget target, List<LogSegment> segments, long firstDirty, long cleanBytes, long dirtyBytes) {

    CleaningPlan {
        segments = List.copyOf(segments);
    }

    /**
     * Looks at the segments.
     *
     * @param cleanedUpTo the end of the last cleaning
     * @param nowMillis the time, epoch milliseconds
     */
    static CleaningPlan of(CleanTarget target, long cleanedUpTo, long nowMillis) {
        var all = target.log().segments();
        var start = target.log().offsets().start();
        // A mark beyond the end is of batches that are gone.
        var firstDirty = cleanedUpTo > target.log().offsets().end() ? start : Math.max(start, cleanedUpTo);
        var cleanable = new ArrayList<LogSegment>();
        var cleanBytes = 0L;
        var dirtyBytes = 0L;
        for (var segment : all.subList(0, Math.max(0, all.size() - 1))) {
            var isDirty = segment.endOffset() > firstDirty;
            if (segment.endOffset() > target.stableOffset() || (isDirty && isYoung(segment, target, nowMillis))) {
                break;
            }
            cleanable.add(segment);
            cleanBytes += isDirty ? 0 : segment.sizeInBytes();
            dirtyBytes += isDirty ? segment.sizeInBytes() : 0;
        }
        return new CleaningPlan(target, cleanable, firstDirty, cleanBytes, dirtyBytes);
    }

    private static boolean isYoung(LogSegment segment, CleanTarget target, long nowMillis) {
        var minLag = target.config().minLagMillis();
        return minLag > 0 && segment.maxTimestamp() > nowMillis - minLag;
    }

    /** Where the part ends that may be cleaned. */
    long end() {
        return segments.isEmpty()
                ? firstDirty
                : segments.get(segments.size() - 1).endOffset();
    }

    double dirtyRatio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }

    /** Whether there is enough to clean. */
    boolean isDue() {
        return dirtyBytes > 0 && dirtyRatio() > target.config().minDirtyRatio();
    }

    /** Whether age alone can make it due. */
    boolean mayBeOverdue() {
        return dirtyBytes > 0 && target.config().maxLagMillis() < Long.MAX_VALUE;
    }

    /** The segments in groups, each to become one: adjoining ones that fit into a segment together, of those that begin below an offset. */
    List<List<LogSegment>> groups(long below) {
        var groups = new ArrayList<List<LogSegment>>();
        List<LogSegment> group = new ArrayList<>();
        var bytes = 0L;
        for (var segment : segments) {
            if (segment.baseOffset() >= below) {
                break;
            }
            var fits = !group.isEmpty()
                    && bytes + segment.sizeInBytes() <= target.segmentBytes()
                    && segment.endOffset() - group.get(0).baseOffset() <= Integer.MAX_VALUE;
            if (!fits) {
                group = new ArrayList<>();
                groups.add(group);
                bytes = 0;
            }
            group.add(segment);
            bytes += segment.sizeInBytes();
        }
        return groups;
    }
}
