package io.thalweg.spi.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The ability of an engine to keep its logs in several directories, which fail one by one, and to move a log from one to another.
 *
 * <p><b>Threads.</b> Any thread.
 *
 * <p><b>Ordering.</b> Each log lies in one directory, as a whole (PLACED-1), and in the same one after a restart (PLACED-2). One that
 * holds nothing yet gets its directory when it is first opened.
 *
 * <p><b>Errors.</b> An engine opens if one of its directories works. A directory that fails takes its own logs offline, no others
 * (PLACED-3); a commit that covers logs of several directories fails with one of them, and asked again about one log each, it answers for
 * that log. While a directory cannot be looked into, a log that is in no other one fails to open with
 * {@link StorageException.Offline}, because it may lie there; unless it was {@link #announce announced} (PLACED-4).
 */
public interface PlacedEngine extends StorageEngine, DirectoryOwner {

    /** The directories in the order they were configured, with what they hold; those that cannot be used as well (PLACED-5). */
    CompletionStage<List<DirectoryImage>> directories();

    /** Says that a log is new: there is nothing of it in any directory. */
    void announce(LogId id);

    /**
     * Begins to copy an open log to another directory, while it is used.
     *
     * @param bytesPerSecond how fast, at most; 0 for no limit
     * @throws IllegalArgumentException if there is no such directory, or the log is there already (PLACED-6)
     * @throws StorageException.Offline if the directory cannot be used
     */
    Move move(LogId id, Path directory, long bytesPerSecond);

    /**
     * A log on its way to another directory. There is one of a log at a time, another is an {@link IllegalStateException}.
     *
     * <p><b>Threads.</b> Any thread.
     *
     * <p><b>Ordering.</b> The log stays where it is, and whole, until {@code finish} completes; from then on it is in the other directory,
     * with its checkpoints (PLACED-7). A crash at any moment leaves it in one of the two, as a whole (PLACED-8).
     *
     * <p><b>Errors.</b> A move that fails, or is closed before it is finished, changes nothing (PLACED-9). Deleting the log gives it up.
     *
     * <p><b>Close.</b> Idempotent; gives up what was not finished. One that is being finished is not given up any more.
     */
    interface Move extends AutoCloseable {

        /** Completes once nearly all is copied; fails if the move does. */
        CompletionStage<Void> copied();

        /**
         * Closes the log and completes once it lies in the other directory, or fails while it still lies in the first: it can be opened
         * again then. To be called once {@code copied} has completed, when nobody appends to the log or saves checkpoints of it.
         */
        CompletionStage<Void> finish();

        @Override
        void close();
    }
}
