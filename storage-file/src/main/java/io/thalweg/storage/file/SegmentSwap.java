package io.thalweg.storage.file;

import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How one file takes the place of the files of several segments, so that a crash at any step leaves all of the old or the new.
 *
 * <pre>
 * 1. the new file is complete and durable:             &lt;first&gt;-&lt;end&gt;.cleaned
 * 2. from here on it counts, whatever happens:          renamed to &lt;first&gt;-&lt;end&gt;.swap, directory synced
 * 3. what it replaces goes, its own indexes come:       directory synced
 * 4. it has its name:                                   renamed to &lt;first&gt;.log, directory synced
 * </pre>
 *
 * <p>The first segment's index of transactions has got what those of the others hold before step 2, and stays.
 *
 * <p>Whoever finds a {@code .cleaned} file after a crash deletes it; whoever finds a {@code .swap} file goes on from step 3, without the
 * indexes, which are built anew. Nothing but the recovery point tells that no batches are missing at the end of the new segment, so
 * that is durable before step 2.
 */
final class SegmentSwap {

    private final PartitionDirectory home;
    private final LogDirectory directory;
    private final LogFiles.Range range;

    SegmentSwap(PartitionDirectory home, LogDirectory directory, LogFiles.Range range) {
        this.home = home;
        this.directory = directory;
        this.range = range;
    }

    LogFiles.Range range() {
        return range;
    }

    /** The name of the new file at first. */
    Path cleaned() {
        return LogFiles.cleaned(home.path(), range);
    }

    void checkOnline() {
        directory.checkOnline();
    }

    /** Makes durable all that is in the log, and that all of it is. */
    void settle(FileLog log) throws IOException {
        log.sync().leaveJournal();
        log.sync().syncNow();
        log.sync().replacing(range);
        log.noteRecoveryPoint();
        directory.writePoints();
        if (directory.recoveryPoints().offset(home.id().toString()) < range.endOffset()) {
            throw new StorageException.Busy("replacement of " + range + " of " + home.id()
                    + " refused: the indexes of its segments are not durable");
        }
        TransactionIndexes.in(home).gather(range);
    }

    /** Steps 2 to 4. There is no way back, so an error is final for the directory. */
    void carryOut(List<Segment> old, Segment replacement) throws IOException {
        var disk = home.disk();
        try {
            disk.rename(cleaned(), LogFiles.swap(home.path(), range));
            syncNames();
            for (var segment : old) {
                if (segment.baseOffset() == range.firstOffset()) {
                    LogLoader.removeBatches(disk, home, segment.baseOffset());
                } else {
                    LogLoader.removeFiles(disk, home, segment.baseOffset());
                }
            }
            replacement.putIndexesInPlace(disk);
            syncNames();
            nameAsLog();
        } catch (IOException | StorageException.Busy e) {
            throw directory.fail("a replacement of segments of " + home.id(), e);
        }
    }

    /** Gives up what is not complete. */
    void discard() throws IOException {
        home.disk().delete(cleaned());
        home.namesChanged();
    }

    /** Goes on with the swaps that a crash has cut short; whether there were any. */
    static boolean complete(PartitionDirectory home, LogDirectory directory, List<Path> files) throws IOException {
        var isAny = false;
        for (var path : files) {
            var range = LogFiles.swapIn(path);
            if (range.isPresent()) {
                new SegmentSwap(home, directory, range.get()).complete();
                isAny = true;
            }
        }
        return isAny;
    }

    private void complete() throws IOException {
        // Its name may not be durable yet, and then nothing else may go.
        syncNames();
        for (var path : home.disk().list(home.path())) {
            if (isReplaced(path)) {
                home.disk().delete(path);
            }
        }
        syncNames();
        nameAsLog();
    }

    private void syncNames() {
        directory.sync("the names of " + home.id(), () -> home.disk().syncDirectory(home.path()));
    }

    /** All that is about segments in the range, but for the index of transactions that the new one takes over. */
    private boolean isReplaced(Path path) {
        var isBatches = Stream.of(LogFiles.LOG, LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX)
                .map(suffix -> LogFiles.offsetIn(path, suffix))
                .anyMatch(base -> base.isPresent() && range.contains(base.getAsLong()));
        var index = LogFiles.offsetIn(path, LogFiles.TRANSACTION_INDEX);
        var isOther =
                index.isPresent() && index.getAsLong() != range.firstOffset() && range.contains(index.getAsLong());
        return isBatches || isOther;
    }

    private void nameAsLog() throws IOException {
        home.disk().rename(LogFiles.swap(home.path(), range), LogFiles.log(home.path(), range.firstOffset()));
        syncNames();
    }
}
