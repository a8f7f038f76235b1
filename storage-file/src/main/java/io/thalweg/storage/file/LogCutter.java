package io.thalweg.storage.file;

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
 * Takes bytes away from a log, at either end. Slices already given keep theirs: a file is never shortened, only replaced or removed.
 *
 * <p>{@link #advanceStart} belongs to the owner; {@link #rebuildIndexes} may be called by many threads, once for each
 * segment; everything else is one task of the log's directory after the other.
 */
final class LogCutter {

    private static final Logger logger = LoggerFactory.getLogger(LogCutter.class);

    private final FileLog log;
    private final PartitionDirectory home;
    private final Disk disk;
    private final LogDirectory directory;
    private final LogRuntime runtime;
    private final LeftoverSegments leftovers;

    /** Segments below the start that are to be removed, oldest first. */
    private final List<Segment> hidden = new ArrayList<>();

    LogCutter(
            FileLog log,
            PartitionDirectory home,
            LogDirectory directory,
            LogRuntime runtime,
            LeftoverSegments leftovers) {
        this.log = log;
        this.home = home;
        this.disk = home.disk();
        this.directory = directory;
        this.runtime = runtime;
        this.leftovers = leftovers;
    }

    /** The part of a start advance that needs the disk. */
    interface Removal {
        void finish() throws IOException;
    }

    /** Hides everything below the start at once; {@link Removal#finish} makes it last and frees the room. */
    Removal advanceStart(long startOffset) {
        var before = log.view();
        if (startOffset <= before.start()) {
            return () -> {};
        }
        log.sync().startAt(startOffset, before);
        var after = log.change(
                view -> startOffset > view.end() ? LogView.emptyAt(startOffset) : view.startingAt(startOffset));
        var removed = before.segments().subList(0, before.count() - after.count());
        return () -> {
            hidden.addAll(removed);
            removeHidden();
        };
    }

    /** The start is durable before anything goes that lies below it; where there was no room for it, this is tried again later. */
    private void removeHidden() throws IOException {
        log.sync().settleStart();
        if (!hidden.isEmpty()) {
            log.sync().leaveJournal();
            remove(hidden);
            hidden.clear();
        }
    }

    /** Lets go of the files of segments that could not be removed: the log closes. */
    void retireHidden() {
        hidden.forEach(Segment::retire);
        hidden.clear();
    }

    /** From the end, and the first only when the others are gone for good: a crash in between leaves no log without its beginning. */
    private void remove(List<Segment> removed) throws IOException {
        for (var i = removed.size() - 1; i >= 0; i--) {
            if (i == 0) {
                home.syncNames();
            }
            removed.get(i).retire();
            LogLoader.removeFiles(disk, home, removed.get(i).baseOffset());
        }
    }

    /** Removes every batch with an offset at or above the given one. */
    void truncateTo(long endOffset) throws IOException {
        directory.checkOnline();
        leftovers.remove();
        var view = log.view();
        if (endOffset >= view.end()) {
            return;
        }
        removeHidden();
        var keptCount = 0;
        while (keptCount < view.count() && view.segment(keptCount).baseOffset() < endOffset) {
            keptCount++;
        }
        var untouchedEnd = endOffset < view.start() || keptCount == 0
                ? endOffset
                : view.segment(keptCount - 1).baseOffset();
        log.sync().hold(untouchedEnd);
        var marker = mark();
        try {
            directory.lowerPoints(log.id(), untouchedEnd, view.start());
            log.sync().leaveJournal();
            if (endOffset < view.start()) {
                startEarlierAt(endOffset, view);
                removeFrom(view, 0, endOffset);
            } else {
                removeFrom(view, keptCount, view.start());
                endAt(endOffset);
            }
            home.syncNames();
            disk.delete(marker);
        } finally {
            log.sync().release(log.view().end());
        }
        log.sync().syncNow();
        // The end may lie past the last batch, and nothing but this says that none is missing there.
        log.sync().note();
        directory.writePoints();
    }

    /** Should this process die before the names are durable, the next one finds it cut, and would not know that it may be undone yet. */
    private Path mark() {
        var marker = LogFiles.unfinished(home.path().resolve("truncation"));
        try {
            disk.open(marker, true).close();
        } catch (IOException e) {
            logger.warn("{} is truncated, and there was no room to note that", log.id(), e);
        }
        return marker;
    }

    private void startEarlierAt(long start, LogView view) throws IOException {
        log.sync().startAt(start, view);
        try {
            log.sync().settleStart();
        } catch (IOException | StorageException e) {
            log.sync().startAt(view.start(), view);
            throw e;
        }
    }

    private void removeFrom(LogView view, int keptCount, long start) throws IOException {
        var removed = view.segments().subList(keptCount, view.count());
        removed.forEach(segment -> leftovers.add(segment.baseOffset()));
        log.change(ignored -> new LogView(view.segments().subList(0, keptCount), start));
        remove(removed);
        removed.forEach(segment -> leftovers.forget(segment.baseOffset()));
    }

    /** Cuts the last segment, which begins below the offset, and lets the log end where it has to. */
    private void endAt(long endOffset) throws IOException {
        var view = log.view();
        var end = endOffset;
        var last = view.active();
        if (last != null && last.endOffset() > endOffset) {
            end = Math.min(endOffset, Math.max(view.start(), cut(last, endOffset)));
        }
        var active = log.view().active();
        if (active == null || active.isClosed() || active.endOffset() != end) {
            if (active != null && !active.isClosed()) {
                closeForGap(active);
            }
            var empty = createEmpty(end);
            log.change(current -> current.with(List.of(empty)));
        }
    }

    /** Closes a segment after which the log goes on at a later offset: it is durable before it counts as closed, and so are all before. */
    private void closeForGap(Segment last) throws IOException {
        log.sync().syncNow();
        last.closeAtOnce(disk);
        last.seal();
        home.namesChanged();
    }

    /** Replaces a segment by one with the batches below an offset; gives the base offset of the first batch that is gone. */
    private long cut(Segment segment, long endOffset) throws IOException {
        var file = segment.file().lease();
        if (file == null) {
            throw new IOException(segment.file().path() + ": closed");
        }
        try {
            var kept = new SegmentReader(segment, file).below(endOffset);
            var shorter = copy(segment, file, kept.sizeInBytes(), endOffset);
            log.change(view -> view.replacing(segment, shorter));
            segment.retire();
            return kept.endOffset();
        } finally {
            segment.file().release();
        }
    }

    private Segment copy(Segment segment, Disk.File source, int sizeInBytes, long endOffset) throws IOException {
        var path = segment.file().path();
        var unfinished = LogFiles.unfinished(path);
        var buffer = runtime.scratch().lease();
        try (var target = disk.open(unfinished, true)) {
            target.truncate(0);
            for (var position = 0; position < sizeInBytes; position += buffer.position()) {
                buffer.clear().limit(Math.min(buffer.capacity(), sizeInBytes - position));
                source.read(buffer, position);
                target.write(new ByteBuffer[] {buffer.flip()}, position);
            }
            target.sync();
            // The old index files stay for those who still read the old segment; the first write of the new indexes
            // replaces them, and should a crash come first, they do not fit the log and are built anew.
            var kept = indexed(segment, target, sizeInBytes, endOffset, buffer);
            // Last: what is cut on the disk must be cut in the view, whose end is taken for durable later.
            exchange(unfinished, path);
            return kept;
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    /** Gives a file the name of another; if the disk fails, nobody knows which of the two has it now. */
    private void exchange(Path from, Path to) throws IOException {
        try {
            disk.rename(from, to);
        } catch (IOException e) {
            var what = "a truncation of " + log.id();
            if (runtime.failures().of(what, e) instanceof StorageException.Offline) {
                throw directory.fail(what, e);
            }
            throw e;
        }
        home.namesChanged();
    }

    /** A segment over the bytes of an open file, all below an offset, with indexes built from them, to append to. */
    private Segment indexed(Segment old, Disk.File file, int sizeInBytes, long endOffset, ByteBuffer buffer)
            throws IOException {
        var start = WalkStart.first(SegmentFiles.withoutIndexes(home, old.baseOffset()));
        var rules = new SegmentScan.Rules(
                log.config().indexIntervalBytes(), log.view().start(), endOffset);
        var scan = SegmentScan.of(start, file, sizeInBytes, rules, buffer);
        checkFault(old, scan.tail().sizeInBytes(), scan.fault());
        var segment = new Segment(
                start.files(),
                scan.tail(),
                new CheckedRange(0),
                runtime.warmth().ofFile());
        segment.unindexedBytes(scan.unindexedBytes());
        segment.began(
                scan.beganMillis() >= 0 ? scan.beganMillis() : runtime.clock().millis());
        segment.warmth().touch(0, sizeInBytes);
        if (scan.tail().maxTimestamp() < 0) {
            segment.modified(old.modifiedMillis());
        }
        segment.synced(sizeInBytes, false);
        return segment;
    }

    private Segment createEmpty(long baseOffset) throws IOException {
        home.create();
        return leftovers.create(baseOffset, runtime.clock().millis());
    }

    /** Gives a closed segment whose indexes are damaged new ones. One that failed may be tried again. */
    void rebuildIndexes(Segment segment) throws IOException {
        if (!segment.claimRebuild()) {
            throw new StorageException.Busy("the indexes of " + segment.file().path() + " are being built anew");
        }
        var isReplaced = false;
        try {
            replaceIndexes(segment);
            isReplaced = true;
        } finally {
            if (!isReplaced) {
                segment.releaseRebuild();
            }
        }
    }

    private void replaceIndexes(Segment segment) throws IOException {
        logger.warn("{}: the indexes of segment {} are damaged and built anew", log.id(), segment.baseOffset());
        var file = segment.file().lease();
        if (file == null) {
            throw new IOException(segment.file().path() + ": closed");
        }
        var buffer = runtime.scratch().lease();
        try {
            var rebuilt = indexed(segment, file, segment.sizeInBytes(), segment.endOffset(), buffer);
            rebuilt.closeAtOnce(disk);
            rebuilt.seal();
            rebuilt.covered(rebuilt.sizeInBytes());
            home.namesChanged();
            log.change(view -> view.replacing(segment, rebuilt));
            segment.retire();
        } finally {
            runtime.scratch().release(buffer);
            segment.file().release();
        }
    }

    private void checkFault(Segment segment, int position, @Nullable String fault) {
        if (fault != null) {
            throw new StorageException.Corrupt(segment.file().path() + " at position " + position + ": " + fault, null);
        }
    }
}
