package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;

/** The three files of a segment. */
record SegmentFiles(long baseOffset, SharedFile log, OffsetIndex offsetIndex, TimeIndex timeIndex) {

    /** Files whose indexes begin empty and overwrite what is there. */
    static SegmentFiles withoutIndexes(Disk disk, Path directory, long baseOffset) {
        return of(
                disk,
                directory,
                baseOffset,
                IndexFile.empty(
                        new SharedFile(disk, LogFiles.offsetIndex(directory, baseOffset)), OffsetIndex.ENTRY_BYTES),
                IndexFile.empty(
                        new SharedFile(disk, LogFiles.timeIndex(directory, baseOffset)), TimeIndex.ENTRY_BYTES));
    }

    /** Files as they are found, with so many entries in the indexes. */
    static SegmentFiles found(Disk disk, Path directory, long baseOffset, int offsetEntries, int timeEntries) {
        return of(
                disk,
                directory,
                baseOffset,
                IndexFile.onDisk(
                        new SharedFile(disk, LogFiles.offsetIndex(directory, baseOffset)),
                        OffsetIndex.ENTRY_BYTES,
                        offsetEntries),
                IndexFile.onDisk(
                        new SharedFile(disk, LogFiles.timeIndex(directory, baseOffset)),
                        TimeIndex.ENTRY_BYTES,
                        timeEntries));
    }

    private static SegmentFiles of(
            Disk disk, Path directory, long baseOffset, IndexFile offsetEntries, IndexFile timeEntries) {
        return new SegmentFiles(
                baseOffset,
                new SharedFile(disk, LogFiles.log(directory, baseOffset)),
                new OffsetIndex(baseOffset, offsetEntries),
                new TimeIndex(baseOffset, timeEntries));
    }

    /** Creates an empty log file. */
    void create() throws IOException {
        log.create();
    }

    /** Closes what was opened, when an open fails half-way. */
    void retire() {
        log.retire();
        offsetIndex.file().file().retire();
        timeIndex.file().file().retire();
    }
}
