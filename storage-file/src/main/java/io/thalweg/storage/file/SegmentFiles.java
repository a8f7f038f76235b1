package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The three files of a segment. */
record SegmentFiles(long baseOffset, SharedFile log, OffsetIndex offsetIndex, TimeIndex timeIndex) {

    /** Files whose indexes begin empty and overwrite what is there. */
    static SegmentFiles withoutIndexes(PartitionDirectory home, long baseOffset) {
        return withoutIndexes(home, baseOffset, home.file(LogFiles.log(home.path(), baseOffset)));
    }

    /** The same, with a log file that may be open already. */
    static SegmentFiles withoutIndexes(PartitionDirectory home, long baseOffset, SharedFile log) {
        var directory = home.path();
        return of(
                baseOffset,
                log,
                IndexFile.empty(home.file(LogFiles.offsetIndex(directory, baseOffset)), OffsetIndex.ENTRY_BYTES),
                IndexFile.empty(home.file(LogFiles.timeIndex(directory, baseOffset)), TimeIndex.ENTRY_BYTES));
    }

    /** Files as they are found; null if an index is missing or has an impossible size. */
    static @Nullable SegmentFiles found(PartitionDirectory home, long baseOffset, SharedFile log) throws IOException {
        var disk = home.disk();
        var directory = home.path();
        var offsetEntries = entries(disk, LogFiles.offsetIndex(directory, baseOffset), OffsetIndex.ENTRY_BYTES);
        var timeEntries = entries(disk, LogFiles.timeIndex(directory, baseOffset), TimeIndex.ENTRY_BYTES);
        if (offsetEntries < 0 || timeEntries < 0) {
            return null;
        }
        return of(
                baseOffset,
                log,
                IndexFile.onDisk(
                        home.file(LogFiles.offsetIndex(directory, baseOffset)), OffsetIndex.ENTRY_BYTES, offsetEntries),
                IndexFile.onDisk(
                        home.file(LogFiles.timeIndex(directory, baseOffset)), TimeIndex.ENTRY_BYTES, timeEntries));
    }

    /** The number of entries in an index; -1 if it is missing or has an impossible size. */
    private static int entries(Disk disk, Path path, int entryBytes) throws IOException {
        try (var file = disk.open(path, false)) {
            var size = file.size();
            return size % entryBytes == 0 && size <= Integer.MAX_VALUE ? (int) size / entryBytes : -1;
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    private static SegmentFiles of(long baseOffset, SharedFile log, IndexFile offsetEntries, IndexFile timeEntries) {
        return new SegmentFiles(
                baseOffset, log, new OffsetIndex(baseOffset, offsetEntries), new TimeIndex(baseOffset, timeEntries));
    }

    /** Creates an empty log file. */
    void create() throws IOException {
        log.create();
    }

    /** Closes the indexes, which cannot be used; the log file stays. */
    void retireIndexes() {
        offsetIndex.file().file().retire();
        timeIndex.file().file().retire();
    }
}
