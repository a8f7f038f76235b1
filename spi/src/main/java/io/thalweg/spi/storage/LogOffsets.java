package io.thalweg.spi.storage;

import java.util.List;

/**
 * The bounds of a log at one moment.
 *
 * @param start the first offset that can be read (log start offset)
 * @param localStart the first offset that is held locally; the same as {@code start} unless the log is tiered
 * @param end the offset that the next record will have (log end offset)
 * @param durable every offset below it survives what the log's {@link Durability} promises; at most {@code end}. What a commit has
 *     covered counts; with {@link Durability#OS} an engine may count what it holds without one. A log that is configured to
 *     {@link Durability#FSYNC} counts only what a sync has covered
 * @param maxTimestamp the greatest max timestamp of the batches held, epoch milliseconds; -1 when there is none; batches
 *     below the start count until they are removed
 */
public record LogOffsets(long start, long localStart, long end, long durable, long maxTimestamp) {

    /**
     * The bounds once these batches are appended, which are not durable yet.
     *
     * @throws IllegalArgumentException if one of them does not begin at or above the end that it finds
     */
    public LogOffsets appended(LogId id, List<Batch> batches) {
        var next = end;
        var newest = maxTimestamp;
        for (var batch : batches) {
            if (batch.baseOffset() < next) {
                throw new IllegalArgumentException("append to " + id + " at offset " + batch.baseOffset()
                        + " refused: the log ends at " + next + " there");
            }
            next = batch.lastOffset() + 1;
            newest = Math.max(newest, batch.maxTimestamp());
        }
        return new LogOffsets(start, localStart, next, durable, newest);
    }

    /** The same bounds with another durable end. */
    public LogOffsets withDurable(long durableEnd) {
        return new LogOffsets(start, localStart, end, durableEnd, maxTimestamp);
    }

    /**
     * Checks that a read may begin at an offset.
     *
     * @throws StorageException.OutOfRange if it lies below the start or above the end
     */
    public void checkReadable(LogId id, long from) {
        if (from < start || from > end) {
            throw new StorageException.OutOfRange(
                    "read of " + id + " at offset " + from + " refused: it holds " + start + " up to " + end);
        }
    }
}
