package io.thalweg.spi.storage;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The ordered record batches of one partition.
 *
 * <p><b>Threads.</b> {@code append}, {@code truncateTo} and {@code advanceStart} are called by one thread at a time, the owning shard
 * (LOG-1). Everything else may be called by any thread and never waits for an append (LOG-2). What gives a stage does not wait for the
 * disk: callers are shards and event loops. A stage that is not complete when it is given completes on a thread of the engine's, which the
 * caller leaves at once.
 *
 * <p><b>Ownership.</b> Batches are lent until the next {@link StorageEngine#commit commit} of this log completes (LOG-3). Neither
 * their bytes nor the position and limit of their buffers are changed (LOG-20). A slice is given: its receiver closes it, and its bytes
 * stay the same until then, whatever else is read, and even if the log is truncated or deleted meanwhile (LOG-4).
 *
 * <p><b>Ordering.</b> Batches keep their offsets and order (LOG-5). A read sees every append that returned before it began (LOG-6).
 * {@code truncateTo} and {@code advanceStart} take effect in the order they are called, before any later append. What belongs to the owner
 * is not called while a {@code truncateTo} or an {@code advanceStart} to above the end has not completed (LOG-7).
 *
 * <p><b>Errors.</b> A failed append changes nothing that a read can see (LOG-8). An append whose first batch does not begin at the end
 * offset or above it, or whose batches do not each begin above the last offset of the one before, is an {@link IllegalArgumentException}
 * (LOG-9). Reading at an offset below the start or above the end fails with {@link StorageException.OutOfRange} (LOG-10). A batch with
 * bytes other than those appended is never given: the read fails with {@link StorageException.Corrupt} (LOG-11). Batches that were
 * durable and are not there any more are not passed over: the log does not open, or a read that comes to where they were fails, with
 * {@link StorageException.Corrupt} (LOG-23).
 * Whatever else an append or a commit throws or ends with takes the log out of use, as {@link StorageException.Offline} does.
 *
 * <p><b>Close.</b> Idempotent; does not wait for the disk. Pending calls complete, done or with a {@link StorageException}; later
 * ones that would read or change the log throw {@link IllegalStateException} (LOG-12). Slices already given stay readable (LOG-13). What
 * was appended is durable once a commit completes, which may be asked for after close as well (LOG-22), or when the engine is closed.
 */
public interface PartitionLog extends AutoCloseable {

    /**
     * Appends whole batches whose offsets are assigned; page-cache speed, does not wait for the disk. All of them or none.
     *
     * @throws StorageException when nothing was appended
     */
    void append(List<Batch> batches);

    /**
     * Gives whole batches from the one that holds {@code from}, or the next one if a gap does, none with an offset at or past
     * {@code upTo}. At most {@code maxBytes}, but at least one batch if there is any (LOG-14); an empty slice if there is none
     * (LOG-15). The stage is best complete at once if the bytes are in memory, as those are that were appended a moment ago: a fetch goes
     * on without a detour then.
     */
    CompletionStage<LogSlice> read(long from, long upTo, int maxBytes);

    /**
     * Completes with the base offset of the first batch whose max timestamp is at or after the given one, epoch milliseconds; with the
     * start if that lies inside the batch (LOG-19).
     */
    CompletionStage<OptionalLong> find(long timestamp);

    /**
     * Completes once every batch with an offset at or above {@code endOffset} is gone; the end offset is then {@code endOffset}, or
     * the base offset of the removed batch that held it, but not below the start (LOG-16). At or above the end it changes nothing. Below
     * the start the log becomes empty and begins at {@code endOffset} (LOG-17). Completed, it holds also after a crash, an end that lies in
     * a gap included (LOG-21).
     */
    CompletionStage<Void> truncateTo(long endOffset);

    /**
     * Completes once offsets below {@code startOffset} are no longer readable, also after a crash. Below the start it changes nothing;
     * at or above the end the log becomes empty and begins at {@code startOffset} (LOG-18).
     */
    CompletionStage<Void> advanceStart(long startOffset);

    /** The bounds of the log, read together. */
    LogOffsets offsets();

    @Override
    void close();
}
