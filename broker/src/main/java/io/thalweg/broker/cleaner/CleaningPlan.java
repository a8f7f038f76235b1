package io.thalweg.broker.cleaner;

import io.thalweg.spi.storage.LogSegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is to clean in a log.
 *
 * <p>One cleaning learns no more than about as much as is clean already, or one segment: so a log is clean up to somewhere soon, however
 * large it is, and all its cleanings together still go over no more than three times what there was to clean.
 *
 * @param target the log
 * @param segments the closed segments that a cleaning goes over, from the first one on
 * @param progress how far the cleaning has come
 * @param cleanBytes the bytes of segments below its mark
 * @param dirtyBytes the bytes of all others that may be cleaned
 */
record CleaningPlan(
        CleanTarget target, List<LogSegment> segments, CleanerProgress progress, long cleanBytes, long dirtyBytes) {

    CleaningPlan {
        segments = List.copyOf(segments);
    }

    /**
     * Looks at the segments.
     *
     * @param noted how far the cleaning has come, as it was noted
     * @param nowMillis the time, epoch milliseconds
     */
    static CleaningPlan of(CleanTarget target, CleanerProgress noted, long nowMillis) {
        var all = target.log().segments();
        var progress = noted.in(target.log().offsets());
        var cleanable = new ArrayList<LogSegment>();
        for (var segment : all.subList(0, Math.max(0, all.size() - 1))) {
            var isDirty = segment.endOffset() > progress.cleanedUpTo();
            if (segment.endOffset() > target.stableOffset() || (isDirty && isYoung(segment, target, nowMillis))) {
                break;
            }
            cleanable.add(segment);
        }
        var mayGoOn = progress.isUnderWay() && endOf(cleanable) >= progress.knownEnd();
        return of(target, cleanable, mayGoOn ? progress : CleanerProgress.at(progress.cleanedUpTo()));
    }

    private static CleaningPlan of(CleanTarget target, List<LogSegment> cleanable, CleanerProgress progress) {
        var segments = new ArrayList<LogSegment>();
        var cleanBytes = 0L;
        var dirtyBytes = 0L;
        for (var segment : cleanable) {
            var isDirty = segment.endOffset() > progress.cleanedUpTo();
            var isToBeGoneOver = progress.isUnderWay()
                    ? segment.baseOffset() < progress.knownEnd()
                    : !isDirty || dirtyBytes < Math.max(cleanBytes, target.segmentBytes());
            if (isToBeGoneOver) {
                segments.add(segment);
            }
            cleanBytes += isDirty ? 0 : segment.sizeInBytes();
            dirtyBytes += isDirty ? segment.sizeInBytes() : 0;
        }
        return new CleaningPlan(target, segments, progress, cleanBytes, dirtyBytes);
    }

    private static boolean isYoung(LogSegment segment, CleanTarget target, long nowMillis) {
        var minLag = target.config().minLagMillis();
        return minLag > 0 && segment.maxTimestamp() > nowMillis - minLag;
    }

    private static long endOf(List<LogSegment> segments) {
        return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOffset();
    }

    /** Where the part begins that no cleaning has gone over. */
    long firstDirty() {
        return progress.cleanedUpTo();
    }

    /** Where the keys end that are to be learned. */
    long end() {
        return progress.isUnderWay() ? progress.knownEnd() : Math.max(firstDirty(), endOf(segments));
    }

    double dirtyRatio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }

    /** Whether there is enough to clean, or a cleaning under way. */
    boolean isDue() {
        return progress.isUnderWay()
                || (dirtyBytes > 0 && dirtyRatio() > target.config().minDirtyRatio());
    }

    /** Whether age alone can make it due. */
    boolean mayBeOverdue() {
        return dirtyBytes > 0 && target.config().maxLagMillis() < Long.MAX_VALUE;
    }

    /** The segments that lie in a part of the log, in groups, each to become one: adjoining ones that fit into a segment together. */
    List<List<LogSegment>> groups(long from, long below) {
        var groups = new ArrayList<List<LogSegment>>();
        List<LogSegment> group = new ArrayList<>();
        var bytes = 0L;
        for (var segment : segments) {
            if (segment.endOffset() <= from || segment.baseOffset() >= below) {
                continue;
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
