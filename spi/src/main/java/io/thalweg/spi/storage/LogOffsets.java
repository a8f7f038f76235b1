package io.thalweg.spi.storage;

/**
 * The bounds of a log at one moment.
 *
 * @param start the first offset that can be read (log start offset)
 * @param localStart the first offset that is held locally; the same as {@code start} unless the log is tiered
 * @param end the offset that the next record will have (log end offset)
 * @param durable every offset below it survives what the log's {@link Durability} promises; at most {@code end}. With
 *     {@link Durability#OS} that is the end; a log that is configured to {@link Durability#FSYNC} counts only what a sync has covered
 * @param maxTimestamp the greatest max timestamp of the batches held, epoch milliseconds; -1 when there is none; batches
 *     below the start count until they are removed
 */
public record LogOffsets(long start, long localStart, long end, long durable, long maxTimestamp) {}
