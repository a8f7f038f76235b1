package io.thalweg.storage.file;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a segment of the files found in a partition's directory. Confined to one call.
 *
 * <p>A segment that a crash may have touched is walked over, the others are taken as they are; where indexes are missing or do not fit,
 * they are built anew.
 */
final class SegmentLoader {

    private static final Logger log = LoggerFactory.getLogger(SegmentLoader.class);

    private final PartitionDirectory home;
    private final LogDirectory directory;
    private final LogRuntime runtime;
    private final LogLoader.Found found;
    private final SharedFile shared;
    private final Disk.File file;
    private final int size;
    private final long base;
    private final long nextBase;
    private boolean hasChanged;

    /** Where the segments of a log are, and how it was left. */
    record Place(PartitionDirectory home, LogDirectory directory, LogRuntime runtime, LogLoader.Found found) {}

    /**
     * A segment, as it is after a crash.
     *
     * @param isEnd whether the log ends here because what follows was cut
     * @param hasChanged whether files were cut or built anew
     */
    record Loaded(Segment segment, boolean isEnd, boolean hasChanged) {}

    private SegmentLoader(Place place, SharedFile shared, Disk.File file, long base, long nextBase) throws IOException {
        this.home = place.home();
        this.directory = place.directory();
        this.runtime = place.runtime();
        this.found = place.found();
        this.shared = shared;
        this.file = file;
        this.base = base;
        this.nextBase = nextBase;
        var listed = found.chain().map(chain -> chain.bytes(base)).orElse(0);
        var there = sizeOf(file, shared.path());
        checkSize(there, listed);
        // What a failed append has left behind the end of a closed segment is no part of it.
        this.size = listed > 0 && nextBase != Long.MAX_VALUE ? listed : there;
    }

    private static int sizeOf(Disk.File file, Path path) throws IOException {
        var size = file.size();
        if (size > Integer.MAX_VALUE) {
            throw new StorageException.Corrupt(
                    path + " has " + size + " bytes, no segment has more than " + Integer.MAX_VALUE, null);
        }
        return (int) size;
    }

    /** Loads the segment that begins at one offset and ends before another, {@code Long.MAX_VALUE} for the last one. */
    static Loaded load(Place place, long base, long nextBase) throws IOException {
        var shared = place.home().file(LogFiles.log(place.home().path(), base));
        var isLoaded = false;
        try {
            var loaded = load(place, shared, base, nextBase);
            isLoaded = true;
            return loaded;
        } finally {
            if (!isLoaded) {
                shared.retire();
            } else if (nextBase != Long.MAX_VALUE) {
                shared.rest();
            }
        }
    }

    private static Loaded load(Place place, SharedFile shared, long base, long nextBase) throws IOException {
        var file = Objects.requireNonNull(shared.lease(), "file that nobody retires");
        try {
            var loaded = new SegmentLoader(place, shared, file, base, nextBase).load();
            var segment = loaded.segment();
            if (segment.tail().maxTimestamp() < 0 && segment.sizeInBytes() > 0) {
                segment.modified(place.home().disk().modifiedMillis(shared.path()));
            }
            return loaded;
        } finally {
            shared.release();
        }
    }

    private Loaded load() throws IOException {
        if (!found.isClean() && nextBase >= found.recoveryPoint()) {
            return recover();
        }
        var segment = open();
        if (segment == null) {
            log.info("{}: building the indexes of segment {} anew: they are missing or do not fit it", home.id(), base);
            return recover();
        }
        return new Loaded(segment, false, false);
    }

    private void checkSize(int there, int listed) {
        if (there < listed && nextBase > found.start()) {
            throw new StorageException.Corrupt(
                    shared.path() + " has " + there + " bytes, and was durable with " + listed
                            + ", so this is damage and nothing was cut",
                    null);
        }
    }

    /** Walks over all batches, builds the indexes and cuts where the batches end. */
    private Loaded recover() throws IOException {
        var buffer = runtime.scratch().lease();
        try {
            return recover(start(buffer), buffer);
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    private Loaded recover(WalkStart start, ByteBuffer buffer) throws IOException {
        Loaded loaded = null;
        try {
            loaded = recover(start, scan(start, buffer));
            return loaded;
        } finally {
            if (loaded == null) {
                start.files().retireIndexes();
            }
        }
    }

    private Loaded recover(WalkStart start, SegmentScan scan) throws IOException {
        if (scan.fault() != null) {
            cut(scan);
        }
        var walkedFrom = start.tail().sizeInBytes();
        if (directory.isSuspect() && !found.isClean() && scan.tail().endOffset() > found.recoveryPoint()) {
            writeAgain(walkedFrom, scan.tail().sizeInBytes());
        }
        var segment = new Segment(
                start.files(),
                scan.tail(),
                new CheckedRange(walkedFrom),
                runtime.warmth().ofFile());
        if (walkedFrom == 0) {
            segment.warmth().touch(0, segment.sizeInBytes());
        }
        if (scan.tail().endOffset() <= found.recoveryPoint()) {
            segment.synced(scan.tail().sizeInBytes(), false);
            segment.resized();
        }
        var isLast = nextBase == Long.MAX_VALUE || (scan.fault() != null && !isComplete(scan));
        if (isLast) {
            takeUpAppends(
                    segment,
                    scan.unindexedBytes(),
                    walkedFrom == 0 ? scan.beganMillis() : firstTimestamp(segment.sizeInBytes()));
        } else {
            segment.closeAtOnce(home.disk());
            segment.seal();
            home.namesChanged();
            hasChanged = true;
        }
        return new Loaded(segment, isLast && nextBase != Long.MAX_VALUE, hasChanged);
    }

    /** What was read may be in the machine's memory only; a sync writes what was written, not what was read. */
    private void writeAgain(int from, int to) throws IOException {
        log.info("{}: segment {} is written again from position {} on, as a sync has failed", home.id(), base, from);
        var buffer = runtime.scratch().lease();
        try {
            for (var position = from; position < to; position += buffer.limit()) {
                buffer.clear().limit(Math.min(buffer.capacity(), to - position));
                file.read(buffer, position);
                file.write(new ByteBuffer[] {buffer.flip()}, position);
            }
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    private WalkStart start(ByteBuffer buffer) throws IOException {
        // An index point in a later segment says nothing about the indexes of this one.
        if (!found.isClean() && found.indexPoint() <= nextBase) {
            var known = Math.min(found.indexPoint(), found.recoveryPoint());
            var files = known > base ? SegmentFiles.found(home, base, shared) : null;
            var start = files == null ? null : WalkStart.below(known, files, file, size, buffer);
            if (start != null) {
                lowerIndexPoint(known);
                return start;
            }
        }
        // The indexes are about to be written over, and a second crash must not believe what it finds then.
        directory.indexPoints().lower(home.id().toString(), base);
        return WalkStart.first(SegmentFiles.withoutIndexes(home, base, shared));
    }

    /** What the index files hold beyond is written over: it must not be believed once the recovery point has passed it. */
    private void lowerIndexPoint(long known) {
        if (known < found.indexPoint()) {
            directory.indexPoints().put(home.id().toString(), known);
        }
    }

    private SegmentScan scan(WalkStart start, ByteBuffer buffer) throws IOException {
        var rules = new SegmentScan.Rules(found.indexIntervalBytes(), found.start(), nextBase);
        var scan = SegmentScan.of(start, file, size, rules, buffer);
        return scan.fault() == null && isShort(scan.tail().endOffset())
                ? scan.endingIn("no batch follows up to offset " + nextBase + ", where the next segment begins")
                : scan;
    }

    /** Whether the end of a segment that was not durable as a whole got lost, between batches: the next one begins where it ended. */
    private boolean isShort(long endOffset) {
        return !found.isClean()
                && nextBase != Long.MAX_VALUE
                && nextBase > found.recoveryPoint()
                && endOffset < nextBase;
    }

    /** Whether nothing is missing before the next segment: what follows then is what a failed append has left. */
    private boolean isComplete(SegmentScan scan) {
        return scan.tail().endOffset() == nextBase;
    }

    private void cut(SegmentScan scan) throws IOException {
        var at = scan.tail();
        var where = home.id() + ": segment " + base + " at position " + at.sizeInBytes() + ", offset " + at.endOffset();
        var isDamage =
                scan.isDamage() || found.isClean() || Math.max(at.endOffset(), found.start()) < found.recoveryPoint();
        if (isDamage && !isComplete(scan)) {
            throw new StorageException.Corrupt(
                    where + ": " + scan.fault() + "; offsets below " + found.recoveryPoint()
                            + " were durable, so this is damage and nothing was cut",
                    null);
        }
        log.warn("{}: cut {} bytes that were never made durable: {}", where, size - at.sizeInBytes(), scan.fault());
        directory.journal().forgetPast(home.id(), base, at.sizeInBytes());
        markCut();
        file.truncate(at.sizeInBytes());
        directory.sync(shared.path().toString(), file::sync);
        home.disk().delete(LogFiles.unfinished(shared.path()));
        hasChanged = true;
    }

    /** Should this process die before the cut is durable, the next one finds it done, and would not know that it may be undone yet. */
    private void markCut() {
        try {
            home.disk().open(LogFiles.unfinished(shared.path()), true).close();
        } catch (IOException e) {
            log.warn("{} is cut, and there was no room to note that", shared.path(), e);
        }
    }

    /** A segment with the indexes it has; null if they cannot be used. */
    private @Nullable Segment open() throws IOException {
        var files = SegmentFiles.found(home, base, shared);
        if (files == null) {
            return null;
        }
        Segment segment = null;
        try {
            segment = nextBase == Long.MAX_VALUE ? openActive(files) : openClosed(files);
            return segment;
        } finally {
            if (segment == null) {
                files.retireIndexes();
            }
        }
    }

    private @Nullable Segment openClosed(SegmentFiles files) throws IOException {
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
    private @Nullable Segment openActive(SegmentFiles files) throws IOException {
        files.offsetIndex().file().load();
        files.timeIndex().file().load();
        if (!files.offsetIndex().isSound(Math.max(1, size))
                || !files.timeIndex().isSound(Long.MAX_VALUE)) {
            return null;
        }
        var buffer = runtime.scratch().lease();
        try {
            return walkOn(files, new BatchScanner(file, files.offsetIndex().lastPosition(), size, buffer));
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    private @Nullable Segment walkOn(SegmentFiles files, BatchScanner scanner) throws IOException {
        var indexed = scanner.nextPosition();
        var tail = new Segment.Tail(
                indexed,
                base,
                files.timeIndex().lastTimestamp(),
                files.timeIndex().lastOffset());
        var isInPlace = true;
        while (isInPlace && scanner.next()) {
            isInPlace = scanner.baseOffset() >= tail.endOffset();
            tail = SegmentScan.grown(tail, scanner);
        }
        if (scanner.fault() != null || !isInPlace) {
            return null;
        }
        var segment = new Segment(
                files, tail, new CheckedRange(size), runtime.warmth().ofFile());
        segment.synced(size, false);
        takeUpAppends(segment, size - indexed, firstTimestamp(size));
        return segment;
    }

    private long firstTimestamp(int limit) throws IOException {
        var scanner = new BatchScanner(file, 0, limit, ByteBuffer.allocate(RecordBatch.HEADER_BYTES));
        return scanner.next() ? scanner.maxTimestamp() : -1;
    }

    private void takeUpAppends(Segment segment, int unindexedBytes, long firstTimestamp) {
        segment.unindexedBytes(unindexedBytes);
        segment.began(firstTimestamp >= 0 ? firstTimestamp : runtime.clock().millis());
    }
}
