package io.thalweg.spi.storage;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The ability of an engine to keep its logs in several directories, which fail one by one.
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
}
