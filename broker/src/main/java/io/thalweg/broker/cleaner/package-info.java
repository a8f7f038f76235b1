/**
 * The cleaner: keeps of a compacted log the last record of each key, for every engine whose logs have segments.
 *
 * <p>{@link io.thalweg.broker.cleaner.LogCleaner} picks the log that needs it most, {@link io.thalweg.broker.cleaner.Cleaning} goes over
 * it: first over its dirty part, to learn the last offset of each key ({@link io.thalweg.broker.cleaner.OffsetMap}), then over everything
 * from the start, to write the segments anew without what is out of date ({@link io.thalweg.broker.cleaner.BatchCleaner}). Offsets stay.
 */
package io.thalweg.broker.cleaner;
