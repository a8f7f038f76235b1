package io.thalweg.storage.file;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to a log, rolling to a new segment where one is full. Owned by the log's owner.
 *
 * <p>The batches of one append that go to one segment are one write. Nothing is shown to readers before everything is written.
 */
final class LogAppender {

    private static final Logger logger = LoggerFactory.getLogger(LogAppender.class);

    /** Index entries that may wait in memory; a crash only costs building them again. */
    private static final int UNWRITTEN_ENTRIES = 512;

    private final FileLog log;
    private final PartitionDirectory home;
    private final LogRuntime runtime;
    private final LeftoverSegments leftovers;

    LogAppender(FileLog log, PartitionDirectory home, LogRuntime runtime, LeftoverSegments leftovers) {
        this.log = log;
        this.home = home;
        this.runtime = runtime;
        this.leftovers = leftovers;
    }

    /** Batches of one append for one segment. */
    private record Run(Segment segment, boolean isNew, List<Batch> batches) {

        long endOffset() {
            return batches.get(batches.size() - 1).lastOffset() + 1;
        }

        int sizeInBytes() {
            var size = 0;
            for (var batch : batches) {
                size += batch.bytes().remaining();
            }
            return size;
        }
    }

    void append(List<Batch> batches) {
        var config = log.config();
        var runs = new ArrayList<Run>(1);
        try {
            leftovers.remove();
            var from = 0;
            while (from < batches.size()) {
                var run = nextRun(runs, batches, from, config);
                runs.add(run);
                run.segment().write(run.batches(), run.segment().sizeInBytes(), run.sizeInBytes());
                from += run.batches().size();
            }
            bridgeGaps(runs);
            publish(runs, config);
        } catch (IOException e) {
            undo(runs);
            throw runtime.failures().of("append to " + log.id(), e);
        } catch (StorageException e) {
            undo(runs);
            throw e;
        }
    }

    /** Goes on in a new segment, unless the active one is empty. */
    void roll() {
        var active = log.view().active();
        if (active == null || active.sizeInBytes() == 0) {
            return;
        }
        try {
            leftovers.remove();
            home.syncFirstName();
            var created = leftovers.create(active.endOffset(), runtime.clock().millis());
            log.change(view -> view.with(List.of(created)));
            close(active);
        } catch (IOException e) {
            throw runtime.failures().of("roll of " + log.id(), e);
        }
    }

    /** The longest run from a batch on that fits into the active segment, or if none does, into a new one. */
    private Run nextRun(List<Run> earlier, List<Batch> batches, int from, LogConfig config) throws IOException {
        var active = earlier.isEmpty() ? log.view().active() : null;
        var count = active == null || active.isClosed() ? 0 : fitting(active, batches, from, config);
        if (active != null && count > 0) {
            return new Run(active, false, batches.subList(from, from + count));
        }
        var isFirst = earlier.isEmpty() && log.view().count() == 0;
        if (isFirst) {
            home.create();
            log.sync().settleStartBehindGap(log.view());
        } else {
            // If the first name could get lost and a later one not, nobody would miss the first.
            home.syncFirstName();
        }
        var first = batches.get(from);
        var began = first.maxTimestamp() >= 0
                ? first.maxTimestamp()
                : runtime.clock().millis();
        var end = earlier.isEmpty()
                ? log.view().end()
                : earlier.get(earlier.size() - 1).endOffset();
        var created = leftovers.create(baseOffset(end, first), began);
        if (isFirst) {
            home.firstNamed();
            log.nameFirstSegment();
        }
        return new Run(created, true, batches.subList(from, from + fitting(created, batches, from, config)));
    }

    /** How many batches from a place on the segment takes; a new segment takes at least one. */
    private int fitting(Segment segment, List<Batch> batches, int from, LogConfig config) {
        var room = (long) config.segmentBytes() - segment.sizeInBytes();
        var entries = Math.min(
                config.segmentIndexBytes() / OffsetIndex.ENTRY_BYTES
                        - segment.offsetIndex().file().count(),
                // One more is kept free for the entry that closes the index.
                config.segmentIndexBytes() / TimeIndex.ENTRY_BYTES
                        - 1
                        - segment.timeIndex().file().count());
        var count = 0;
        while (from + count < batches.size()) {
            var batch = batches.get(from + count);
            room -= batch.bytes().remaining();
            var isFirst = segment.sizeInBytes() == 0 && count == 0;
            var isFull = room < 0 || count >= entries || isOld(segment, batch, config);
            if ((isFull && !isFirst) || batch.lastOffset() - segment.baseOffset() > Integer.MAX_VALUE) {
                break;
            }
            count++;
        }
        return count;
    }

    private boolean isOld(Segment segment, Batch batch, LogConfig config) {
        var now = batch.maxTimestamp() >= 0
                ? batch.maxTimestamp()
                : runtime.clock().millis();
        return now - segment.beganMillis() > config.segmentMillis() - jitter(segment.baseOffset(), config);
    }

    /** Differs between logs and segments, and is the same each time it is asked for. */
    private long jitter(long baseOffset, LogConfig config) {
        var mixed = runtime.seed() ^ log.id().toString().hashCode() * 0x9E3779B97F4A7C15L ^ baseOffset;
        return config.segmentJitterMillis() <= 0 ? 0 : Math.floorMod(mixed, config.segmentJitterMillis() + 1);
    }

    /**
     * A segment begins where the one before ends, even if a gap follows: so recovery sees whether the one before lost its end. Only a
     * gap that an index cannot span lies between two segments.
     */
    private static long baseOffset(long end, Batch first) {
        return first.lastOffset() - end <= Integer.MAX_VALUE ? end : first.baseOffset();
    }

    /**
     * Makes durable what is below a gap that no segment spans, and that nothing comes in it. The batches behind it are written by then: a
     * recovery point that has passed it is hard to take back.
     */
    private void bridgeGaps(List<Run> runs) throws IOException {
        var last = -1;
        var end = log.view().end();
        for (var i = 0; i < runs.size(); i++) {
            last = runs.get(i).segment().baseOffset() > end ? i : last;
            end = runs.get(i).endOffset();
        }
        if (last >= 0) {
            var before = runs.subList(0, last).stream().map(Run::segment).toList();
            log.bridgeGap(before, runs.get(last).segment().baseOffset());
        }
    }

    /** From here on the batches are in the log; what goes wrong with its indexes does not change that. */
    private void publish(List<Run> runs, LogConfig config) throws IOException {
        var before = log.view().active();
        var created = new ArrayList<Segment>(0);
        for (var run : runs) {
            run.segment().publish(run.batches(), config.indexIntervalBytes());
            if (run.segment().tail().maxTimestamp() < 0) {
                run.segment().modified(runtime.clock().millis());
            }
            if (run.isNew()) {
                created.add(run.segment());
            }
        }
        if (!created.isEmpty()) {
            log.change(view -> view.with(created));
            if (before != null) {
                close(before);
            }
            created.subList(0, created.size() - 1).forEach(this::close);
        }
        var active = created.isEmpty() ? before : created.get(created.size() - 1);
        if (active != null
                && (active.unwrittenEntries() >= UNWRITTEN_ENTRIES
                        || active.unwrittenBytes() >= runtime.recoveryBytes())) {
            writeIndexes(active);
        }
    }

    private void writeIndexes(Segment active) {
        try {
            active.writeIndexes(home.disk());
        } catch (IOException e) {
            logger.warn("{}: the indexes of segment {} could not be written", log.id(), active.baseOffset(), e);
        }
    }

    /** Ends a segment that is full; it becomes durable in the background, so that a crash need not walk over it. */
    private void close(Segment full) {
        try {
            full.close(home.disk());
            full.seal();
            log.sync().syncSoon();
        } catch (IOException e) {
            // The batches are there and the indexes are in memory; a missing index is built again when the log is
            // opened.
            logger.warn("{}: the indexes of segment {} could not be written", log.id(), full.baseOffset(), e);
        }
    }

    /** Takes back what a failed append wrote. */
    private void undo(List<Run> runs) {
        log.lowerTo(log.view().end());
        for (var run : runs) {
            try {
                if (run.isNew()) {
                    run.segment().retire();
                    leftovers.add(run.segment().baseOffset());
                    leftovers.remove();
                } else {
                    run.segment().cutToTail();
                }
            } catch (IOException | StorageException e) {
                // The next append writes over it or removes it, and a crash before that finds batches that were
                // refused, or a torn one.
                logger.warn(
                        "{}: what a failed append left in segment {} could not be cut off",
                        log.id(),
                        run.segment().baseOffset(),
                        e);
            }
        }
    }
}
