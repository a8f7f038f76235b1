package io.thalweg.storage.file;

import java.io.IOException;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Segments that are no part of their log, and whose files may be there all the same: a disk that failed the append or the truncation they
 * are left from may fail to remove them as well. A start would take them for part of the log and cut it where they begin, so the log neither grows nor is cut
 * before they are gone.
 *
 * <p>For whoever changes the end of the log, one at a time.
 */
final class StraySegments {

    private final PartitionDirectory home;
    private final NavigableSet<Long> baseOffsets = new ConcurrentSkipListSet<>();

    StraySegments(PartitionDirectory home) {
        this.home = home;
    }

    void add(long baseOffset) {
        baseOffsets.add(baseOffset);
    }

    /** The segment is gone, or part of the log. */
    void forget(long baseOffset) {
        baseOffsets.remove(baseOffset);
    }

    /** Removes what is there, from the end, and the first only when the others are gone for good: a crash in between leaves no hole. */
    void remove() throws IOException {
        while (!baseOffsets.isEmpty()) {
            if (baseOffsets.size() == 1) {
                home.syncNames();
            }
            var last = baseOffsets.last();
            LogLoader.removeFiles(home.disk(), home, last);
            baseOffsets.remove(last);
        }
    }
}
