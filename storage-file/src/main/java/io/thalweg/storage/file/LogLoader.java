package io.thalweg.storage.file;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a view of the files found in a partition's directory. Confined to one call.
 *
 * <p>After a clean stop only the active segment is looked into, past its last index entry. After a crash every segment that reaches
 * past the recovery point is walked with its CRCs; where the batches end, the log ends: what follows was never made durable and is
 * cut off. Damage below the recovery point is {@link StorageException.Corrupt}, and nothing is touched.
 */
final class LogLoader {

    private static final Logger log = LoggerFactory.getLogger(LogLoader.class);

    private final PartitionDirectory home;
    private final Disk disk;
    private final LogRuntime runtime;
    private final Found found;
    private final List<Segment> segments = new ArrayList<>();

    /**
     * How the log was left.
     *
     * @param isClean whether everything was closed
     * @param recoveryPoint everything below it is durable, and so are the indexes of segments that end below it
     * @param start the last start that was set
     * @param indexIntervalBytes for indexes that are built anew
     */
    record Found(boolean isClean, long recoveryPoint, long start, int indexIntervalBytes) {}

    LogLoader(PartitionDirectory home, LogRuntime runtime, Found found) {
        this.home = home;
        this.disk = home.disk();
        this.runtime = runtime;
        this.found = found;
    }

    /** The view, durable as it is. */
    LogView load() throws IOException {
        try {
            var bases = fromStart(baseOffsets());
            for (var i = 0; i < bases.size(); i++) {
                var next = i + 1 < bases.size() ? bases.get(i + 1) : Long.MAX_VALUE;
                if (!loadSegment(bases.get(i), next)) {
                    removeFrom(bases.subList(i + 1, bases.size()));
                    break;
                }
            }
            for (var segment : segments) {
                segment.sync();
            }
            var view = withStart();
            home.syncNames();
            view.segments().forEach(segment -> segment.covered(segment.sizeInBytes()));
            return view;
        } catch (IOException | RuntimeException e) {
            segments.forEach(Segment::retire);
            throw e;
        }
    }

    /** The base offsets of the segments, ascending; what a crash left unfinished is removed. */
    private List<Long> baseOffsets() throws IOException {
        SegmentSwap.complete(home);
        var bases = new ArrayList<Long>();
        for (var path : disk.list(home.path())) {
            var name = path.getFileName().toString();
            if (name.endsWith(LogFiles.UNFINISHED) || name.endsWith(SmallFiles.TEMPORARY)) {
                disk.delete(path);
            }
            LogFiles.offsetIn(path, LogFiles.LOG).ifPresent(bases::add);
        }
        return bases;
    }

    /** Without the segments below the start, whose removal a crash has cut short or undone. */
    private List<Long> fromStart(List<Long> bases) throws IOException {
        var first = 0;
        while (first + 1 < bases.size() && bases.get(first + 1) <= found.start()) {
            removeFiles(disk, home, bases.get(first));
            first++;
        }
        return bases.subList(first, bases.size());
    }

    /** False if the log ends in this segment because what follows was cut. */
    private boolean loadSegment(long base, long nextBase) throws IOException {
        var path = LogFiles.log(home.path(), base);
        try (var file = disk.open(path, false)) {
            var size = sizeOf(file, path);
            if (!found.isClean() && nextBase >= found.recoveryPoint()) {
                return recover(file, size, base, nextBase);
            }
            var segment = open(file, size, base, nextBase);
            if (segment == null) {
                log.info(
                        "{}: building the indexes of segment {} anew: they are missing or do not fit it",
                        home.id(),
                        base);
                return recover(file, size, base, nextBase);
            }
            segments.add(segment);
            return true;
        }
    }

    private static int sizeOf(Disk.File file, Path path) throws IOException {
        var size = file.size();
        if (size > Integer.MAX_VALUE) {
            throw new StorageException.Corrupt(
                    path + " has " + size + " bytes, no segment has more than " + Integer.MAX_VALUE, null);
        }
        return (int) size;
    }

    /** Walks over all batches, builds the indexes and cuts where the batches end. */
    private boolean recover(Disk.File file, int size, long base, long nextBase) throws IOException {
        var files = SegmentFiles.withoutIndexes(disk, home.path(), base);
        var scan = scan(files, file, size, nextBase);
        if (scan.fault() != null) {
            cut(file, size, base, scan);
        }
        var segment = new Segment(
                files, scan.tail(), new CheckedRange(0), runtime.warmth().ofFile());
        var isLast = nextBase == Long.MAX_VALUE || scan.fault() != null;
        if (isLast) {
            takeUpAppends(segment, scan.unindexedBytes(), scan.beganMillis());
        } else {
            segment.closeAtOnce(disk);
            segment.seal();
            home.namesChanged();
        }
        segments.add(segment);
        return !isLast || nextBase == Long.MAX_VALUE;
    }

    private SegmentScan scan(SegmentFiles files, Disk.File file, int size, long nextBase) throws IOException {
        var buffer = runtime.scratch().lease();
        try {
            var rules = new SegmentScan.Rules(found.indexIntervalBytes(), true, nextBase);
            var scan = SegmentScan.of(files, file, size, rules, buffer);
            return scan.fault() == null && isShort(scan.tail().endOffset(), nextBase)
                    ? scan.endingIn("no batch follows up to offset " + nextBase + ", where the next segment begins")
                    : scan;
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    /** Whether the end of a segment that was not durable as a whole got lost, between batches: the next one begins where it ended. */
    private boolean isShort(long endOffset, long nextBase) {
        return !found.isClean()
                && nextBase != Long.MAX_VALUE
                && nextBase > found.recoveryPoint()
                && endOffset < nextBase;
    }

    private void cut(Disk.File file, int size, long base, SegmentScan scan) throws IOException {
        var at = scan.tail();
        var where = home.id() + ": segment " + base + " at position " + at.sizeInBytes() + ", offset " + at.endOffset();
        if (Math.max(at.endOffset(), found.start()) < found.recoveryPoint() || found.isClean()) {
            throw new StorageException.Corrupt(
                    where + ": " + scan.fault() + "; offsets below " + found.recoveryPoint()
                            + " were durable, so this is damage and nothing was cut",
                    null);
        }
        log.warn("{}: cut {} bytes that were never made durable: {}", where, size - at.sizeInBytes(), scan.fault());
        file.truncate(at.sizeInBytes());
        file.sync();
    }

    private void removeFrom(List<Long> bases) throws IOException {
        // From the end, so that a crash in between leaves no hole.
        for (var i = bases.size() - 1; i >= 0; i--) {
            log.warn("{}: removed segment {}, which follows the cut", home.id(), bases.get(i));
            removeFiles(disk, home, bases.get(i));
        }
    }

    static void removeFiles(Disk disk, PartitionDirectory home, long base) throws IOException {
        disk.delete(LogFiles.log(home.path(), base));
        disk.delete(LogFiles.offsetIndex(home.path(), base));
        disk.delete(LogFiles.timeIndex(home.path(), base));
        home.namesChanged();
    }

    /** A segment with the indexes it has; null if they cannot be used. */
    private @Nullable Segment open(Disk.File file, int size, long base, long nextBase) throws IOException {
        var offsetEntries = entries(LogFiles.offsetIndex(home.path(), base), OffsetIndex.ENTRY_BYTES);
        var timeEntries = entries(LogFiles.timeIndex(home.path(), base), TimeIndex.ENTRY_BYTES);
        if (offsetEntries < 0 || timeEntries < 0) {
            return null;
        }
        var files = SegmentFiles.found(disk, home.path(), base, offsetEntries, timeEntries);
        var segment = nextBase == Long.MAX_VALUE ? openActive(files, file, size) : openClosed(files, size, nextBase);
        if (segment == null) {
            files.retire();
        }
        return segment;
    }

    /** The number of entries in an index; -1 if it is missing or has an impossible size. */
    private int entries(Path path, int entryBytes) throws IOException {
        try (var file = disk.open(path, false)) {
            var size = file.size();
            return size % entryBytes == 0 && size <= Integer.MAX_VALUE ? (int) size / entryBytes : -1;
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    private @Nullable Segment openClosed(SegmentFiles files, int size, long nextBase) throws IOException {
        var times = files.timeIndex();
        if (times.lastOffset() >= nextBase) {
            return null;
        }
        var tail = new Segment.Tail(size, nextBase, times.lastTimestamp(), times.lastOffset());
        var segment = new Segment(
                files, tail, new CheckedRange(size), runtime.warmth().ofFile());
        segment.foundClosed();
        segment.synced(size, true);
        return segment;
    }

    /** Takes the indexes into memory and reads on from their end. */
    private @Nullable Segment openActive(SegmentFiles files, Disk.File file, int size) throws IOException {
        files.offsetIndex().file().load();
        files.timeIndex().file().load();
        if (!files.offsetIndex().isSound(Math.max(1, size))
                || !files.timeIndex().isSound(Long.MAX_VALUE)) {
            return null;
        }
        var buffer = runtime.scratch().lease();
        try {
            return walkOn(
                    files, file, new BatchScanner(file, files.offsetIndex().lastPosition(), size, buffer), size);
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    private @Nullable Segment walkOn(SegmentFiles files, Disk.File file, BatchScanner scanner, int size)
            throws IOException {
        var indexed = scanner.nextPosition();
        var tail = new Segment.Tail(
                indexed,
                files.baseOffset(),
                files.timeIndex().lastTimestamp(),
                files.timeIndex().lastOffset());
        while (scanner.next()) {
            tail = SegmentScan.grown(tail, scanner);
        }
        if (scanner.fault() != null) {
            return null;
        }
        var segment = new Segment(
                files, tail, new CheckedRange(size), runtime.warmth().ofFile());
        segment.synced(size, true);
        takeUpAppends(segment, size - indexed, firstTimestamp(file, size));
        return segment;
    }

    private static long firstTimestamp(Disk.File file, int size) throws IOException {
        var scanner = new BatchScanner(file, 0, size, ByteBuffer.allocate(RecordBatch.HEADER_BYTES));
        return scanner.next() ? scanner.maxTimestamp() : -1;
    }

    private void takeUpAppends(Segment segment, int unindexedBytes, long firstTimestamp) {
        segment.unindexedBytes(unindexedBytes);
        segment.began(firstTimestamp >= 0 ? firstTimestamp : runtime.clock().millis());
    }

    /** The view from its start on; segments below it, left by a crash, are removed. */
    private LogView withStart() throws IOException {
        if (segments.isEmpty()) {
            return LogView.emptyAt(found.start());
        }
        var all = new LogView(segments, segments.get(0).baseOffset());
        var view = found.start() > all.end()
                ? LogView.emptyAt(found.start())
                : all.startingAt(Math.max(found.start(), all.start()));
        // What was cut is gone for good before the beginning goes: what is found always begins where the log does.
        home.syncNames();
        for (var segment : segments.subList(0, segments.size() - view.count())) {
            segment.retire();
            removeFiles(disk, home, segment.baseOffset());
        }
        return view;
    }
}
