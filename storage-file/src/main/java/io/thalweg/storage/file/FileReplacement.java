package io.thalweg.storage.file;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment on its way into the place of others. Called by one thread at a time; the files are written on maintenance threads, in
 * turn with whatever else changes the log's files.
 */
final class FileReplacement implements SegmentedLog.Replacement {

    private static final Logger logger = LoggerFactory.getLogger(FileReplacement.class);

    private final FileLog log;
    private final SegmentSwap swap;
    private final List<Segment> old;
    private final Runnable release;
    private final Segment segment;
    private final SegmentFiles files;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long nextOffset;

    /** For the maintenance threads. */
    private boolean isCreated;

    /** For the maintenance threads: a part of what was to be in the segment is not. */
    private boolean isIncomplete;

    FileReplacement(FileLog log, SegmentSwap swap, List<Segment> old, Runnable release) {
        this.log = log;
        this.swap = swap;
        this.old = old;
        this.release = release;
        var base = swap.range().firstOffset();
        this.files = SegmentFiles.withoutIndexes(log.home(), base);
        this.segment = new Segment(
                files,
                Segment.Tail.empty(base),
                new CheckedRange(0),
                log.runtime().warmth().ofFile());
        this.nextOffset = base;
    }

    @Override
    public CompletionStage<Void> append(List<Batch> batches) {
        checkOpen();
        var next = nextOffset;
        for (var batch : batches) {
            if (batch.baseOffset() < next || batch.lastOffset() >= swap.range().endOffset()) {
                throw new IllegalArgumentException("replacement batch of " + log.id() + " with offsets "
                        + batch.baseOffset() + " to " + batch.lastOffset() + " refused: expected some from " + next
                        + " to below " + swap.range().endOffset());
            }
            next = batch.lastOffset() + 1;
        }
        nextOffset = next;
        return log.submit("replacement of segments of " + log.id(), () -> write(batches));
    }

    private void write(List<Batch> batches) throws IOException {
        var isWritten = false;
        try {
            checkInUse();
            create();
            var size = batches.stream()
                    .mapToLong(batch -> batch.bytes().remaining())
                    .sum();
            if (segment.sizeInBytes() + size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("replacement of " + swap.range() + " of " + log.id()
                        + " refused: it has more than " + Integer.MAX_VALUE + " bytes");
            }
            if (!batches.isEmpty()) {
                segment.write(batches, segment.sizeInBytes(), (int) size);
                segment.publish(batches, log.config().indexIntervalBytes());
            }
            isWritten = true;
        } finally {
            isIncomplete |= !isWritten;
        }
    }

    /** The directory of a log that is closed may belong to another one soon. */
    private void checkInUse() {
        if (log.isClosed()) {
            throw new StorageException.Offline(
                    "replacement of " + swap.range() + " of " + log.id() + " refused: the log is closed", null);
        }
        swap.checkOnline();
    }

    private void create() throws IOException {
        if (!isCreated) {
            files.log().create(swap.cleaned());
            isCreated = true;
        }
    }

    @Override
    public CompletionStage<Void> finish() {
        checkOpen();
        closed.set(true);
        return log.submit("replacement of segments of " + log.id(), () -> {
            var isSwapped = false;
            try {
                isSwapped = finishNow();
            } finally {
                try {
                    if (!isSwapped) {
                        discard();
                    }
                } finally {
                    release.run();
                }
            }
        });
    }

    private boolean finishNow() throws IOException {
        checkInUse();
        if (isIncomplete) {
            throw new StorageException.Busy("replacement of " + swap.range() + " of " + log.id()
                    + " refused: a part of it could not be written");
        }
        create();
        swap.settle(log);
        segment.prepare(log.home().disk(), swap.range().endOffset());
        if (segment.tail().maxTimestamp() < 0) {
            segment.modified(
                    old.stream().mapToLong(Segment::modifiedMillis).max().orElse(-1));
        }
        if (!takeOver()) {
            throw new StorageException.Busy("replacement of " + swap.range() + " of " + log.id()
                    + " refused: the segments are no longer as they were");
        }
        swap.carryOut(old, segment);
        log.sync().replaced();
        files.log().inPlace();
        segment.seal();
        return true;
    }

    /** Shows readers the new segment; from here on nobody opens a file of the old ones. */
    private boolean takeOver() {
        var claimed = old.stream().takeWhile(Segment::claimRebuild).toList();
        var isTaken = claimed.size() == old.size()
                && log.change(view -> view.replacing(old, segment)).segments().contains(segment);
        if (isTaken) {
            old.forEach(Segment::retire);
        } else {
            claimed.forEach(Segment::releaseRebuild);
        }
        return isTaken;
    }

    private void discard() throws IOException {
        if (!log.view().segments().contains(segment)) {
            log.sync().replaced();
            segment.retire();
            if (isCreated && !log.isClosed()) {
                swap.discard();
            }
        }
    }

    private void checkOpen() {
        log.checkOpen();
        if (closed.get()) {
            throw new IllegalStateException("replacement of segments of " + log.id() + " is closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
            if (log.isClosed()) {
                // The engine may be closed too; whoever opens the log next removes the file.
                segment.retire();
            } else {
                log.submit("end of a replacement of " + log.id(), this::discard).exceptionally(this::logged);
            }
        }
    }

    private @Nullable Void logged(Throwable failure) {
        logger.warn("{}: what was written for {} could not be deleted", log.id(), swap.range(), failure);
        return null;
    }
}
