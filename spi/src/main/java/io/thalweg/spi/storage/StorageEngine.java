package io.thalweg.spi.storage;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Holds the logs of one broker.
 *
 * <p><b>Threads.</b> Any thread may call; calls about one log come one at a time, except {@code commit} (ENGINE-1). Only {@code close}
 * waits for the disk; stages complete as those of {@link PartitionLog} do.
 *
 * <p><b>Ownership.</b> The engine owns the logs it gives; closing it closes them (ENGINE-2).
 *
 * <p><b>Ordering.</b> A commit covers every append that returned before it was called (ENGINE-3). What an earlier commit of a log
 * covers is durable when a later one completes (ENGINE-4). A commit completes after every earlier one whose logs are all among its own,
 * that one's callbacks included (ENGINE-12).
 *
 * <p><b>Errors.</b> A stage fails with {@link StorageException} only; what the caller has done wrong is thrown. A failed commit is final
 * for the logs it covers: they answer every later append and commit with {@link StorageException.Offline} (ENGINE-5); logs that do not
 * share their disk go on (ENGINE-6). A log that is damaged keeps no other from opening (ENGINE-15).
 *
 * <p><b>Close.</b> Idempotent; makes everything durable that was appended, as a last commit would. Every stage that is pending completes
 * before it returns, done or with a {@link StorageException} (ENGINE-7). After close every call throws {@link IllegalStateException}
 * (ENGINE-8).
 */
public interface StorageEngine extends AutoCloseable {

    /**
     * The logs that hold something, as found at open and changed since, open or closed: a batch, a start above 0, or a checkpoint
     * (ENGINE-14). One that was emptied, or only opened, may be among them; one that was deleted is not. The order says nothing.
     */
    List<LogId> logs();

    /**
     * Opens a log, recovered and ready to append, or an empty one if there is none (ENGINE-9). A log is open at most once:
     * opening an open one gives the same (ENGINE-10). What an earlier topic of that name has left, with another id and not open, is in
     * nobody's way (ENGINE-13).
     */
    CompletionStage<PartitionLog> open(LogId id, LogConfig config);

    /**
     * Changes the settings of an open log from its next append or segment on.
     *
     * @throws IllegalStateException if the log is not open
     */
    void configure(LogId id, LogConfig config);

    /**
     * Makes what was appended to these logs durable, in the sense of each log's {@link Durability}, in one go: the cost does not
     * grow with the number of logs more than it must. The logs are this engine's; they may have been closed since (LOG-22).
     */
    CompletionStage<Void> commit(Collection<PartitionLog> logs);

    /** The small durable notes that go with a log, open or not. */
    Checkpoints checkpoints(LogId id);

    /** Closes the log if it is open, and removes it with its checkpoints; slices already given stay readable (ENGINE-11). */
    CompletionStage<Void> delete(LogId id);

    @Override
    void close();
}
