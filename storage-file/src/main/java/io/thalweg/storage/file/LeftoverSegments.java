package io.thalweg.storage.file;

import java.io.IOException;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Segments that are no part of their log, and whose files may be there all the same: a disk that failed the append or the truncation they
 * are left from may fail to remove them as well. A start would take them for part of the log and cut it where they begin, so the log
 * neither grows nor is cut before they are gone.
 *
 * <p>For whoever changes the end of the log, one at a time.
 */
final class LeftoverSegments {

    private final PartitionDirectory home;
    private final Warmth warmth;
    private final NavigableSet<Long> baseOffsets = new ConcurrentSkipListSet<>();

    LeftoverSegments(PartitionDirectory home, Warmth warmth) {
        this.home = home;
        this.warmth = warmth;
    }

    /** A new segment of the log, to append to; a creation that fails half-way leaves a leftover. */
    Segment create(long baseOffset, long beganMillis) throws IOException {
        var segment = new Segment(
                createFiles(baseOffset), Segment.Tail.empty(baseOffset), new CheckedRange(0), warmth.ofFile());
        segment.began(beganMillis);
        return segment;
    }

    private SegmentFiles createFiles(long baseOffset) throws IOException {
        var files = SegmentFiles.withoutIndexes(home, baseOffset);
        baseOffsets.add(baseOffset);
        try {
            files.create();
        } catch (IOException e) {
            files.log().retire();
            throw e;
        }
        baseOffsets.remove(baseOffset);
        home.namesChanged();
        return files;
    }

    void add(long baseOffset) {
        baseOffsets.add(baseOffset);
    }

    /** The segment is gone, or part of the log. */
    void forget(long baseOffset) {
        baseOffsets.remove(baseOffset);
    }

    /**
     * Removes what is there, durably: what came back after a loss of power would be taken for part of the log. From the end, and the first
     * only when the others are gone for good, so that a crash in between leaves no hole.
     */
    void remove() throws IOException {
        if (baseOffsets.isEmpty()) {
            return;
        }
        var first = baseOffsets.first();
        for (var base : baseOffsets.descendingSet()) {
            if (base.equals(first)) {
                home.syncNames();
            }
            LogLoader.removeFiles(home.disk(), home, base);
        }
        home.syncNames();
        baseOffsets.clear();
    }
}
