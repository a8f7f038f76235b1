package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** What a crash left unfinished; it stays until what was found beside it is durable. */
    private final List<Path> unfinished = new ArrayList<>();

    /** Whether files were cut, removed or built anew. */
    private boolean hasChanged;

    /**
     * How the log was left.
     *
     * @param isClean whether everything was closed
     * @param recoveryPoint everything below it is durable, and so are the indexes of segments that end below it
     * @param indexPoint below it, the indexes of the segment that it lies in are durable
     * @param start the last start that was set
     * @param chain its closed segments that were durable; empty if nothing is known of them
     * @param indexIntervalBytes for indexes that are built anew
     */
    record Found(
            boolean isClean,
            long recoveryPoint,
            long indexPoint,
            long start,
            Optional<SegmentChain> chain,
            int indexIntervalBytes) {}

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
        // Then nothing counts as durable that was not synced anew.
        this.hasChanged = isSuspect();
    }

    private boolean isSuspect() {
        return directory.isSuspect() && !found.isClean();
    }

    Loaded load() throws IOException {
        try {
            var all = baseOffsets();
            found.chain().ifPresent(chain -> chain.check(home.id(), all, found.start()));
            var bases = fromStart(all);
            for (var i = 0; i < bases.size(); i++) {
                var next = i + 1 < bases.size() ? bases.get(i + 1) : Long.MAX_VALUE;
                if (!loadSegment(bases.get(i), next)) {
                    removeFrom(bases.subList(i + 1, bases.size()));
                    break;
                }
            }
            checkEnd();
            var isDurable =
                    !hasChanged && unfinished.isEmpty() && segments.stream().allMatch(this::isDurable);
            if (!isDurable) {
                sync();
            }
            for (var path : unfinished) {
                disk.delete(path);
            }
            var view = withStart();
            view.segments().forEach(segment -> segment.covered(segment.sizeInBytes()));
            return new Loaded(view, isDurable ? Math.min(view.end(), ownEnd(view)) : view.end());
        } catch (IOException | RuntimeException e) {
            segments.forEach(Segment::retire);
            throw e;
        }
    }

    private void sync() {
        directory.sync(home.id().toString(), () -> {
            for (var segment : segments) {
                segment.sync();
            }
        });
        home.syncNames();
    }

    /** Files that are gone from the end leave no batch that could be damaged. */
    private void checkEnd() {
        var end = segments.isEmpty() ? 0 : segments.get(segments.size() - 1).endOffset();
        if (Math.max(end, found.start()) < found.recoveryPoint()) {
            throw new StorageException.Corrupt(
                    home.id() + " ends at offset " + end + "; offsets below " + found.recoveryPoint()
                            + " were durable, so this is damage and nothing was cut",
                    null);
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

    /** The base offsets of the segments, ascending. */
    private List<Long> baseOffsets() throws IOException {
        var files = home.list();
        if (SegmentSwap.complete(home, directory, files)) {
            files = home.list();
        }
        var bases = new ArrayList<Long>();
        for (var path : files) {
            var name = path.getFileName().toString();
            if (name.endsWith(LogFiles.UNFINISHED) || name.endsWith(SmallFiles.TEMPORARY)) {
                syncCut(path);
                unfinished.add(path);
            }
            LogFiles.offsetIn(path, LogFiles.LOG).ifPresent(bases::add);
        }
        return bases;
    }

    /** What was to be cut, or has been, but not durably so before the process died, is durable then as it is found. */
    private void syncCut(Path unfinished) {
        var name = unfinished.getFileName().toString();
        var cut = home.path().resolve(name.substring(0, name.lastIndexOf('.')));
        if (LogFiles.offsetIn(cut, LogFiles.LOG).isPresent()) {
            directory.sync(cut.toString(), () -> {
                try {
                    SmallFiles.sync(disk, cut);
                } catch (NoSuchFileException e) {
                    log.debug("{} was to be cut, and is gone", cut, e);
                }
            });
        }
    }

    /** Without the segments below the start, whose removal a crash has cut short or undone. */
    private List<Long> fromStart(List<Long> bases) throws IOException {
        var first = 0;
        while (first + 1 < bases.size() && bases.get(first + 1) <= found.start()) {
            directory.journal().forgetPast(home.id(), bases.get(first), 0);
            removeFiles(disk, home, bases.get(first));
            hasChanged = true;
            first++;
        }
        return bases.subList(first, bases.size());
    }

    /** False if the log ends in this segment because what follows was cut. */
    private boolean loadSegment(long base, long nextBase) throws IOException {
        var loaded = SegmentLoader.load(new SegmentLoader.Place(home, directory, runtime, found), base, nextBase);
        segments.add(loaded.segment());
        hasChanged |= loaded.hasChanged();
        return !loaded.isEnd();
    }

    private void removeFrom(List<Long> bases) throws IOException {
        // From the end, so that a crash in between leaves no hole.
        for (var i = bases.size() - 1; i >= 0; i--) {
            log.warn("{}: removed segment {}, which follows the cut", home.id(), bases.get(i));
            directory.journal().forgetPast(home.id(), bases.get(i), 0);
            removeFiles(disk, home, bases.get(i));
        }
    }

    static void removeFiles(Disk disk, PartitionDirectory home, long base) throws IOException {
        removeBatches(disk, home, base);
        disk.delete(LogFiles.transactionIndex(home.path(), base));
    }

    /** The files of a segment but for the index of transactions. */
    static void removeBatches(Disk disk, PartitionDirectory home, long base) throws IOException {
        disk.delete(LogFiles.log(home.path(), base));
        disk.delete(LogFiles.offsetIndex(home.path(), base));
        disk.delete(LogFiles.timeIndex(home.path(), base));
        home.namesChanged();
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
            directory.journal().forgetPast(home.id(), segment.baseOffset(), 0);
            removeFiles(disk, home, segment.baseOffset());
        }
        return view;
    }
}
