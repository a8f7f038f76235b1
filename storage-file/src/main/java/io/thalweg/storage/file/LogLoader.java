package io.thalweg.storage.file;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    private final LogDirectory directory;
    private final Disk disk;
    private final LogRuntime runtime;
    private final Found found;
    private final List<Segment> segments = new ArrayList<>();

    /** Whether files were cut, removed or built anew. */
    private boolean hasChanged;

    /**
     * How the log was left.
     *
     * @param isClean whether everything was closed
     * @param recoveryPoint everything below it is durable, and so are the indexes of segments that end below it
     * @param indexPoint below it, the indexes of the segment that it lies in are durable
     * @param start the last start that was set
     * @param indexIntervalBytes for indexes that are built anew
     */
    record Found(boolean isClean, long recoveryPoint, long indexPoint, long start, int indexIntervalBytes) {}

    /**
     * The view, durable as it is, in part perhaps in the journal.
     *
     * @param ownEnd up to where the log's own files are durable
     */
    record Loaded(LogView view, long ownEnd) {

        /** A log that has no files. */
        static final Loaded NOTHING = new Loaded(LogView.emptyAt(0), 0);
    }

    LogLoader(PartitionDirectory home, LogDirectory directory, LogRuntime runtime, Found found) {
        this.home = home;
        this.directory = directory;
        this.disk = home.disk();
        this.runtime = runtime;
        this.found = found;
    }

    Loaded load() throws IOException {
        try {
            var bases = fromStart(baseOffsets());
            for (var i = 0; i < bases.size(); i++) {
                var next = i + 1 < bases.size() ? bases.get(i + 1) : Long.MAX_VALUE;
                if (!loadSegment(bases.get(i), next)) {
                    removeFrom(bases.subList(i + 1, bases.size()));
                    break;
                }
            }
            var isDurable = !hasChanged && segments.stream().allMatch(this::isDurable);
            if (!isDurable) {
                for (var segment : segments) {
                    segment.sync();
                }
                home.syncNames();
            }
            var view = withStart();
            view.segments().forEach(segment -> segment.covered(segment.sizeInBytes()));
            return new Loaded(view, isDurable ? Math.min(view.end(), ownEnd(view)) : view.end());
        } catch (IOException | RuntimeException e) {
            segments.forEach(Segment::retire);
            throw e;
        }
    }

    /** Whether a segment survives a power cut as it was found: it did so before, or the journal has what was added since. */
    private boolean isDurable(Segment segment) {
        return !segment.isUnsynced()
                || segment.sizeInBytes() <= directory.journal().coveredBytes(home.id(), segment.baseOffset());
    }

    private long ownEnd(LogView view) {
        return segments.stream().anyMatch(Segment::isUnsynced)
                ? Math.max(view.start(), found.recoveryPoint())
                : view.end();
    }

    /** The base offsets of the segments, ascending; what a crash left unfinished is removed. */
    private List<Long> baseOffsets() throws IOException {
        var files = disk.list(home.path());
        if (SegmentSwap.complete(home, files)) {
            files = disk.list(home.path());
        }
        var bases = new ArrayList<Long>();
        for (var path : files) {
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
            leaveJournal(bases.get(first), 0);
            removeFiles(disk, home, bases.get(first));
            hasChanged = true;
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
        var buffer = runtime.scratch().lease();
        try {
            var start = start(file, size, base, nextBase, buffer);
            return recover(start, scan(start, file, size, nextBase, buffer), file, size, nextBase);
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    private boolean recover(WalkStart start, SegmentScan scan, Disk.File file, int size, long nextBase)
            throws IOException {
        var files = start.files();
        var base = files.baseOffset();
        if (scan.fault() != null) {
            cut(file, size, base, scan);
        }
        var segment = new Segment(
                files,
                scan.tail(),
                new CheckedRange(start.tail().sizeInBytes()),
                runtime.warmth().ofFile());
        if (scan.tail().endOffset() <= found.recoveryPoint()) {
            segment.synced(scan.tail().sizeInBytes(), false);
        }
        var isLast = nextBase == Long.MAX_VALUE || scan.fault() != null;
        if (isLast) {
            takeUpAppends(
                    segment,
                    scan.unindexedBytes(),
                    firstTimestamp(file, scan.tail().sizeInBytes()));
        } else {
            segment.closeAtOnce(disk);
            segment.seal();
            home.namesChanged();
            hasChanged = true;
        }
        segments.add(segment);
        return !isLast || nextBase == Long.MAX_VALUE;
    }

    private WalkStart start(Disk.File file, int size, long base, long nextBase, ByteBuffer buffer) throws IOException {
        // An index point in a later segment says nothing about the indexes of this one.
        if (!found.isClean() && found.indexPoint() <= nextBase) {
            var known = Math.min(found.indexPoint(), found.recoveryPoint());
            var start = WalkStart.below(known, home, file, size, base, buffer);
            if (start != null) {
                return start;
            }
        }
        // The indexes are about to be written over, and a second crash must not believe what it finds then.
        directory.indexPoints().lower(home.id().toString(), base);
        return WalkStart.first(home, base);
    }

    private SegmentScan scan(WalkStart start, Disk.File file, int size, long nextBase, ByteBuffer buffer)
            throws IOException {
        var rules = new SegmentScan.Rules(found.indexIntervalBytes(), true, nextBase);
        var scan = SegmentScan.of(start, file, size, rules, buffer);
        return scan.fault() == null && isShort(scan.tail().endOffset(), nextBase)
                ? scan.endingIn("no batch follows up to offset " + nextBase + ", where the next segment begins")
                : scan;
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
        leaveJournal(base, at.sizeInBytes());
        file.truncate(at.sizeInBytes());
        file.sync();
        hasChanged = true;
    }

    private void removeFrom(List<Long> bases) throws IOException {
        // From the end, so that a crash in between leaves no hole.
        for (var i = bases.size() - 1; i >= 0; i--) {
            log.warn("{}: removed segment {}, which follows the cut", home.id(), bases.get(i));
            leaveJournal(bases.get(i), 0);
            removeFiles(disk, home, bases.get(i));
        }
    }

    /** The journal must not bring back, after another crash, what goes from a segment now. */
    private void leaveJournal(long base, int keptBytes) throws IOException {
        if (directory.journal().coveredBytes(home.id(), base) > keptBytes) {
            directory.journal().forget(home.id());
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
        var files = SegmentFiles.found(home, base);
        if (files == null) {
            return null;
        }
        var segment = nextBase == Long.MAX_VALUE ? openActive(files, file, size) : openClosed(files, size, nextBase);
        if (segment == null) {
            files.retire();
        }
        return segment;
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
        segment.synced(size, false);
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
        var below = segments.subList(0, segments.size() - view.count());
        if (!below.isEmpty()) {
            // What was cut is gone for good before the beginning goes: what is found always begins where the log does.
            home.syncNames();
        }
        for (var segment : below) {
            segment.retire();
            leaveJournal(segment.baseOffset(), 0);
            removeFiles(disk, home, segment.baseOffset());
        }
        return view;
    }
}
