package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Makes what was appended to one log durable; while the disk works, those who ask next gather for one more round. Any thread. */
final class LogSync {

    private final Supplier<LogView> view;
    private final PartitionDirectory home;
    private final LogDirectory directory;
    private final Executor executor;
    private final Rounds rounds;

    /** Held while the disk is asked to sync; only threads that may wait for the disk take it. */
    private final ReentrantLock syncing = new ReentrantLock();

    private volatile long durableEnd;

    /** Grows with every truncation, after which what a running round saw is no longer there. */
    @GuardedBy("this") private long truncations;

    @GuardedBy("this") private boolean isHeld;

    /** A start below which nothing is synced any more, so that it has to be durable before anything above it is; -1 if there is none. */
    @GuardedBy("this") private long pendingStart = -1;

    @GuardedBy("this") private boolean isStopped;

    @GuardedBy("this") private boolean isLost;

    LogSync(
            Supplier<LogView> view,
            PartitionDirectory home,
            LogDirectory directory,
            Executor executor,
            long durableEnd) {
        this.view = view;
        this.home = home;
        this.directory = directory;
        this.executor = executor;
        this.rounds = new Rounds(executor, this::syncNow);
        this.durableEnd = durableEnd;
    }

    /** Everything below it survives a power cut. */
    long durableEnd() {
        return durableEnd;
    }

    /** Completes once what was appended before this call is durable. */
    CompletionStage<Void> sync() {
        return rounds.join();
    }

    /** The same for nobody who waits. */
    void syncSoon() {
        rounds.request();
    }

    /** Whether everyone was told who asked for a sync. */
    boolean isQuiet() {
        return rounds.isQuiet();
    }

    /** Syncs in the caller's thread; once stopped, only says whether something was lost. */
    void syncNow() throws IOException {
        syncing.lock();
        try {
            if (!isStopped()) {
                syncOpen();
            } else if (isLost()) {
                throw new StorageException.Offline(
                        home.id() + " was closed before what was appended to it was durable", null);
            }
        } finally {
            syncing.unlock();
        }
    }

    private void syncOpen() throws IOException {
        directory.checkOnline();
        var before = truncations();
        var seen = view.get();
        var end = seen.end();
        settleLocked();
        try {
            for (var segment : dirty(seen)) {
                segment.sync();
            }
            home.syncNames();
        } catch (IOException e) {
            // The kernel may have dropped the pages that it could not write: a second sync would succeed and prove
            // nothing.
            throw directory.fail("a sync of " + home.id(), e);
        }
        raise(end, before);
    }

    /** Makes the names of the log's files durable some time soon. */
    void namesInBackground() {
        executor.execute(() -> {
            syncing.lock();
            try {
                if (!isStopped() && !directory.isOffline()) {
                    home.syncNames();
                }
            } catch (IOException e) {
                var what = "a sync of the directory of " + home.id();
                // Nothing was synced if it could not be opened; the next commit tries again.
                if (!(DiskFailure.of(what, e) instanceof StorageException.Busy)) {
                    directory.fail(what, e);
                }
            } finally {
                syncing.unlock();
            }
        });
    }

    /** Called before the view gets a later start. */
    synchronized void startAt(long start) {
        pendingStart = start;
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
        if (pendingStart == start) {
            pendingStart = -1;
        }
    }

    /** Oldest first. All segments before a closed and durable one are durable. */
    private static Iterable<Segment> dirty(LogView seen) {
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

    private synchronized long truncations() {
        return truncations;
    }

    private synchronized void raise(long end, long truncationsBefore) {
        if (truncations == truncationsBefore && !isHeld) {
            durableEnd = Math.max(durableEnd, end);
        }
    }

    /**
     * Puts into the recovery points up to where batches and indexes are durable; whether that is further than before. What was true
     * stays true: only a truncation goes back.
     */
    synchronized boolean note(OffsetCheckpoint recoveryPoints) {
        var name = home.id().toString();
        var point = recoveryPoint(durableEnd, view.get());
        if (isStopped || recoveryPoints.offset(name) >= point) {
            return false;
        }
        recoveryPoints.put(name, point);
        return true;
    }

    /** The view is not older than the end: a segment that is the last one there may have been closed since. */
    private static long recoveryPoint(long durableEnd, LogView seen) {
        for (var segment : seen.segments().subList(0, Math.max(0, seen.count() - 1))) {
            if (!segment.hasDurableIndexes()) {
                return Math.min(durableEnd, segment.baseOffset());
            }
        }
        return durableEnd;
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

    /** Until {@link #reset}, nothing above the given end counts as durable, because it is about to go. */
    synchronized void hold(long end) {
        isHeld = true;
        truncations++;
        durableEnd = Math.min(durableEnd, end);
    }

    /** Nothing above the end is durable, whatever was expected of an append that failed. */
    synchronized void lowerTo(long end) {
        durableEnd = Math.min(durableEnd, end);
    }

    /** After a truncation, or a start past the end, with a result that is durable. */
    synchronized void reset(long end) {
        isHeld = false;
        truncations++;
        durableEnd = end;
    }
}
