package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what was appended to one log durable in the log's own files, and keeps count of what the journal has made durable. Any thread.
 *
 * <p>Two ends are told apart: up to the one everything survives a power cut, in the log or in the journal; up to the other it does
 * so in the log, and only that one goes into the recovery points.
 */
final class LogSync {

    private static final Logger logger = LoggerFactory.getLogger(LogSync.class);

    private final Supplier<LogView> view;
    private final PartitionDirectory home;
    private final LogDirectory directory;
    private final Executor executor;

    /** Whether a sync in the background was asked for that has not begun. */
    private final AtomicBoolean isAsked = new AtomicBoolean();

    /** Held while the disk is asked to sync; only threads that may wait for the disk take it. */
    private final ReentrantLock syncing = new ReentrantLock();

    private volatile long durableEnd;

    /** Up to where the log's own files are durable. */
    @GuardedBy("this") private long ownEnd;

    /** Grows with every truncation, after which what a running round saw is no longer there. */
    @GuardedBy("this") private long truncations;

    @GuardedBy("this") private boolean isHeld;

    /** Whether what the journal has of the log is about to be void, so that it takes no more. */
    @GuardedBy("this") private boolean isLeaving;

    /** A start below which nothing is synced any more, so that it has to be durable before anything above it is; -1 if there is none. */
    @GuardedBy("this") private long pendingStart = -1;

    /** The segments there were before the start that is pending, or an earlier one, was set. */
    @GuardedBy("this") private final Set<Segment> unsettled = new LinkedHashSet<>();

    @GuardedBy("this") private final RecoveryNotes notes;

    @GuardedBy("this") private boolean isStopped;

    @GuardedBy("this") private boolean isLost;

    LogSync(
            Supplier<LogView> view,
            PartitionDirectory home,
            LogDirectory directory,
            LogRuntime runtime,
            LogLoader.Loaded found) {
        this.view = view;
        this.home = home;
        this.directory = directory;
        this.executor = runtime.syncers();
        this.durableEnd = found.view().end();
        this.ownEnd = found.ownEnd();
        this.notes = new RecoveryNotes(home.id(), directory);
    }

    /** Everything below it survives a power cut. */
    long durableEnd() {
        return durableEnd;
    }

    /** Has the log synced for nobody who waits. */
    void syncSoon() {
        if (isAsked.compareAndSet(false, true)) {
            executor.execute(() -> {
                isAsked.set(false);
                try {
                    syncNow();
                } catch (IOException | StorageException e) {
                    // A commit meets it again, and then somebody waits for it.
                    logger.debug("{}: a sync in the background was in vain", home.id(), e);
                }
            });
        }
    }

    /** Has the log synced in the background if only the journal makes it durable, or if a crash has left its names. */
    synchronized void settleSoon() {
        if (ownEnd < durableEnd || home.isUnsettled()) {
            syncSoon();
        }
    }

    /** Syncs in the caller's thread; once stopped, only says whether something was lost. */
    void syncNow() throws IOException {
        var grownBytes = 0L;
        syncing.lock();
        try {
            if (!isStopped()) {
                grownBytes = syncOpen();
            } else if (isLost()) {
                throw new StorageException.Offline(
                        home.id() + " was closed before what was appended to it was durable", null);
            }
        } finally {
            syncing.unlock();
        }
        directory.grown(grownBytes);
    }

    /** Gives how many bytes it made durable. */
    private long syncOpen() throws IOException {
        directory.checkOnline();
        var before = truncations();
        var seen = view.get();
        var end = seen.end();
        var hidden = settleOrShow(seen);
        hidden.addAll(dirty(seen));
        var sizes = new ArrayList<Synced>();
        directory.sync(home.id().toString(), () -> {
            for (var segment : hidden) {
                sizes.add(new Synced(segment, segment.syncedBytes(), segment.sync()));
            }
            home.syncNames();
        });
        var grownBytes = 0L;
        for (var each : sizes) {
            each.segment().covered(each.sizeInBytes());
            grownBytes += each.sizeInBytes() - each.bytesBefore();
        }
        raise(end, before);
        return grownBytes;
    }

    /**
     * Makes a start that is pending durable; if there is no room for it, what lies below must be durable as well, and is the result,
     * since a crash would show it again.
     */
    private List<Segment> settleOrShow(LogView seen) throws IOException {
        try {
            settleLocked();
            return new ArrayList<>(0);
        } catch (IOException e) {
            var hidden = hidden(seen);
            var end = hidden.isEmpty() ? -1 : hidden.get(hidden.size() - 1).endOffset();
            if (end != (seen.count() == 0 ? seen.start() : seen.segment(0).baseOffset())) {
                throw e;
            }
            logger.warn("{}: the start {} is not durable yet", home.id(), seen.start(), e);
            return hidden;
        }
    }

    private synchronized List<Segment> hidden(LogView seen) {
        var hidden = new ArrayList<>(unsettled);
        hidden.removeAll(seen.segments());
        return hidden;
    }

    /** Syncs segments, with bytes that nobody is shown yet. */
    void syncWritten(List<Segment> segments) {
        directory.sync(home.id().toString(), () -> {
            for (var segment : segments) {
                segment.syncWritten();
            }
        });
    }

    private record Synced(Segment segment, int bytesBefore, int sizeInBytes) {}

    /**
     * What the journal would have to take to make the log durable; null if only a sync of the log will do. Called with the lock of
     * the journal.
     */
    @Nullable Uncovered uncovered() {
        var before = truncations();
        var seen = view.get();
        var active = seen.active();
        var tail = active == null ? null : active.tail();
        var ranges = new ArrayList<Uncovered.Range>(1);
        for (var i = seen.count() - 1; i >= 0; i--) {
            var segment = seen.segment(i);
            var size = tail != null && segment == active ? tail.sizeInBytes() : segment.sizeInBytes();
            if (segment.coveredBytes() < size) {
                ranges.add(0, new Uncovered.Range(segment, segment.coveredBytes(), size));
            } else if (segment.isClosed()) {
                break;
            }
        }
        var end = tail == null ? seen.end() : tail.endOffset();
        // Asked last: what a start or a truncation takes out of the view, it says before.
        return isJournaled(before) ? new Uncovered(this, home.id(), ranges, end, before) : null;
    }

    private synchronized boolean isJournaled(long truncationsBefore) {
        return !home.isUnsettled()
                && !isStopped
                && !isHeld
                && !isLeaving
                && pendingStart < 0
                && truncations == truncationsBefore;
    }

    /**
     * Voids what the journal has of the log, which is made durable by itself before; for those who are about to remove or replace its
     * files.
     */
    void leaveJournal() throws IOException {
        var journal = directory.journal();
        if (!journal.hasEntriesOf(home.id())) {
            return;
        }
        leaving(true);
        try {
            syncNow();
            journal.forget(home.id());
        } finally {
            leaving(false);
        }
    }

    private synchronized void leaving(boolean is) {
        isLeaving = is;
    }

    /** Makes the names of the log's files durable some time soon. */
    void namesInBackground() {
        executor.execute(() -> {
            syncing.lock();
            try {
                if (!isStopped() && !directory.isOffline()) {
                    home.syncNames();
                }
            } catch (StorageException e) {
                logger.debug("{}: its names could not be made durable in the background", home.id(), e);
            } finally {
                syncing.unlock();
            }
        });
    }

    /** Called before the view gets another start. */
    synchronized void startAt(long start, LogView before) {
        pendingStart = start;
        unsettled.addAll(before.segments());
    }

    /** Makes the start durable if it has changed. */
    void settleStart() throws IOException {
        syncing.lock();
        try {
            settleLocked();
        } finally {
            syncing.unlock();
        }
    }

    /**
     * Makes the start durable if what it has hidden ends before it, or if it has hidden nothing. Otherwise a process that dies leaves a
     * hole there, at which the next one would cut the log: behind what was hidden, or what an earlier start has left. Waits for the
     * disk; hardly anyone ever meets it.
     */
    void settleStartBehindGap(LogView seen) throws IOException {
        var hidden = hidden(seen);
        if (pendingStart() >= 0
                && (hidden.isEmpty() || hidden.get(hidden.size() - 1).endOffset() != seen.start())) {
            settleStart();
        }
    }

    private void settleLocked() throws IOException {
        var start = pendingStart();
        if (start < 0) {
            return;
        }
        home.create();
        home.syncNames();
        directory.startOffsets().put(home.id().toString(), start);
        directory.startOffsets().writeNow();
        settled(start);
    }

    private synchronized long pendingStart() {
        return pendingStart;
    }

    private synchronized void settled(long start) {
        durableEnd = Math.max(durableEnd, start);
        ownEnd = Math.max(ownEnd, start);
        if (pendingStart == start) {
            pendingStart = -1;
            unsettled.clear();
        }
    }

    /** Oldest first. All segments before a closed and durable one are durable. */
    private static List<Segment> dirty(LogView seen) {
        var dirty = new ArrayList<Segment>();
        for (var i = seen.count() - 1; i >= 0; i--) {
            var segment = seen.segment(i);
            if (segment.isDirty()) {
                dirty.add(0, segment);
            } else if (segment.isClosed()) {
                break;
            }
        }
        return dirty;
    }

    private synchronized void raise(long end, long truncationsBefore) {
        if (truncations == truncationsBefore && !isHeld) {
            durableEnd = Math.max(durableEnd, end);
            ownEnd = Math.max(ownEnd, end);
        }
    }

    /** The journal has made durable what it was told of. */
    synchronized void raiseInJournal(long end, long truncationsBefore) {
        if (truncations == truncationsBefore && !isHeld) {
            durableEnd = Math.max(durableEnd, end);
        }
    }

    /** Notes what a start may rely on; whether that is anything new. */
    synchronized boolean note() {
        return !isStopped && !isHeld && pendingStart < 0 && notes.note(view.get(), ownEnd);
    }

    /** The segments in a range are about to be replaced. */
    synchronized void replacing(LogFiles.Range range) {
        notes.replacing(range);
    }

    /** They were replaced, or were not. */
    synchronized void replaced() {
        notes.replaced();
    }

    /** How often the log was cut: what was seen before holds as long as this does. */
    synchronized long truncations() {
        return truncations;
    }

    /** Notes an index point that was true before the log was cut for the last time but so often; whether it still is. */
    synchronized boolean noteIndexes(OffsetCheckpoint indexPoints, long end, long truncationsBefore) {
        if (isStopped || isHeld || truncations != truncationsBefore) {
            return false;
        }
        indexPoints.put(home.id().toString(), end);
        return true;
    }

    /**
     * From now on nothing is synced or noted: the name may belong to another log soon. Waits for a sync that is on.
     *
     * @param lost whether something may not be durable that was to be
     */
    void stop(boolean lost) {
        syncing.lock();
        try {
            synchronized (this) {
                isStopped = true;
                isLost = lost;
            }
        } finally {
            syncing.unlock();
        }
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private synchronized boolean isLost() {
        return isLost;
    }

    /** Until {@link #release}, nothing above the given end counts as durable, because it is about to go. */
    synchronized void hold(long end) {
        isHeld = true;
        truncations++;
        lowerTo(end);
    }

    /** Nothing above the end is durable, whatever was expected of an append that failed. */
    synchronized void lowerTo(long end) {
        durableEnd = Math.min(durableEnd, end);
        ownEnd = Math.min(ownEnd, end);
    }

    /** After a truncation, which left this end, or one that was not done. */
    synchronized void release(long end) {
        isHeld = false;
        truncations++;
        lowerTo(end);
    }

    /** After a sync with nothing between the end of the log and this one. */
    synchronized void bridge(long end) {
        truncations++;
        durableEnd = end;
        ownEnd = end;
    }
}
