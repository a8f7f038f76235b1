package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a log on their way into another directory. Called by one thread at a time, which may wait for the disk; {@link #lag} and
 * {@link #sizeInBytes} by any.
 *
 * <p>What was copied of a segment counts as long as the log has that very segment: only its end changes. One that was cut or replaced is
 * another one under the same name, and copied anew.
 */
final class LogCopy {

    private static final Logger log = LoggerFactory.getLogger(LogCopy.class);

    /** What is copied at a time. */
    private static final long PIECE_BYTES = 1 << 20;

    private final Disk disk;
    private final Path source;
    private final Path target;
    private final ScratchBuffers scratch;
    private final SortedMap<Long, Copied> segments = new TreeMap<>();
    private volatile long sizeInBytes;
    private boolean isCreated;

    /** What there is of a segment. */
    private static final class Copied {

        private final Segment segment;
        private int sizeInBytes;

        /** Whether it will not change, and is durable with its indexes. */
        private boolean isComplete;

        Copied(Segment segment) {
            this.segment = segment;
        }
    }

    LogCopy(Disk disk, ScratchBuffers scratch, Path source, Path target) {
        this.disk = disk;
        this.scratch = scratch;
        this.source = source;
        this.target = target;
    }

    /** Copies some bytes that are missing; false if none were when it was called. */
    boolean copySome(LogView view) throws IOException {
        create();
        segments.values().removeIf(copied -> !view.segments().contains(copied.segment));
        for (var segment : view.segments()) {
            try {
                if (copySome(copyOf(segment))) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                log.debug(
                        "{} was taken away while it was copied", segment.file().path(), e);
            }
        }
        return false;
    }

    private void create() throws IOException {
        if (!isCreated) {
            disk.createDirectories(target);
            isCreated = true;
        }
    }

    private Copied copyOf(Segment segment) throws IOException {
        var known = segments.get(segment.baseOffset());
        if (known != null && known.segment == segment) {
            return known;
        }
        try (var file = disk.open(LogFiles.log(target, segment.baseOffset()), true)) {
            file.truncate(0);
        }
        var fresh = new Copied(segment);
        segments.put(segment.baseOffset(), fresh);
        return fresh;
    }

    private boolean copySome(Copied copied) throws IOException {
        var isClosed = copied.segment.isClosed();
        var size = copied.segment.sizeInBytes();
        var base = copied.segment.baseOffset();
        if (copied.sizeInBytes < size) {
            var to = (int) Math.min(size, copied.sizeInBytes + PIECE_BYTES);
            copyRange(LogFiles.log(source, base), LogFiles.log(target, base), copied.sizeInBytes, to);
            copied.sizeInBytes = to;
            count();
            return true;
        }
        if (isClosed && !copied.isComplete) {
            SmallFiles.sync(disk, LogFiles.log(target, base));
            copyIfThere(LogFiles.offsetIndex(source, base), LogFiles.offsetIndex(target, base));
            copyIfThere(LogFiles.timeIndex(source, base), LogFiles.timeIndex(target, base));
            copied.isComplete = true;
            return true;
        }
        return false;
    }

    private void count() {
        sizeInBytes =
                segments.values().stream().mapToLong(each -> each.sizeInBytes).sum();
    }

    private void copyRange(Path from, Path to, long begin, long end) throws IOException {
        var buffer = scratch.lease();
        try (var in = disk.open(from, false);
                var out = disk.open(to, true)) {
            for (var at = begin; at < end; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                in.read(buffer, at);
                if (buffer.hasRemaining()) {
                    throw new NoSuchFileException(from.toString(), null, "ends before position " + end);
                }
                out.write(new ByteBuffer[] {buffer.flip()}, at);
            }
        } finally {
            scratch.release(buffer);
        }
    }

    /** A durable copy; indexes that are missing are built anew where they are missed. */
    private void copyIfThere(Path from, Path to) throws IOException {
        try {
            copyWhole(from, to);
        } catch (NoSuchFileException e) {
            log.debug("{} is not there to be copied", from, e);
        }
    }

    private void copyWhole(Path from, Path to) throws IOException {
        long size;
        try (var in = disk.open(from, false)) {
            size = in.size();
        }
        try (var out = disk.open(to, true)) {
            out.truncate(0);
        }
        copyRange(from, to, 0, size);
        SmallFiles.sync(disk, to);
    }

    /** Makes the copy all that the log is; the log is closed, and nothing changes it any more. Durable but for its name. */
    void complete(LogView view) throws IOException {
        create();
        for (var segment : view.segments()) {
            var copied = copyOf(segment);
            while (copySome(copied)) {
                log.trace("copying {}", segment.file().path());
            }
            SmallFiles.sync(disk, LogFiles.log(target, segment.baseOffset()));
        }
        var kept = new TreeSet<Path>();
        for (var segment : view.segments()) {
            kept.add(LogFiles.log(target, segment.baseOffset()));
            kept.add(LogFiles.offsetIndex(target, segment.baseOffset()));
            kept.add(LogFiles.timeIndex(target, segment.baseOffset()));
        }
        for (var path : disk.list(source)) {
            if (isNote(path)) {
                var to = target.resolve(path.getFileName());
                copyWhole(path, to);
                kept.add(to);
            }
        }
        removeOthers(kept);
        disk.syncDirectory(target);
    }

    /** Whether it is a file beside the segments that is complete. */
    private static boolean isNote(Path path) {
        var name = path.getFileName().toString();
        return !name.endsWith(LogFiles.LOG)
                && !name.endsWith(LogFiles.OFFSET_INDEX)
                && !name.endsWith(LogFiles.TIME_INDEX)
                && !name.endsWith(LogFiles.UNFINISHED)
                && !name.endsWith(SmallFiles.TEMPORARY);
    }

    private void removeOthers(Set<Path> kept) throws IOException {
        for (var path : disk.list(target)) {
            if (!kept.contains(path)) {
                disk.delete(path);
            }
        }
    }

    /** How many bytes the log has that the copy has not. */
    long missingBytes(LogView view) {
        return Math.max(0, view.sizeInBytes() - sizeInBytes);
    }

    /** About how many offsets the copy is behind; 0 if it has all bytes. */
    long lag(LogView view) {
        var missing = missingBytes(view);
        var size = view.sizeInBytes();
        return missing == 0 ? 0 : Math.max(1, (long) ((double) (view.end() - view.start()) * missing / size));
    }

    long sizeInBytes() {
        return sizeInBytes;
    }
}
