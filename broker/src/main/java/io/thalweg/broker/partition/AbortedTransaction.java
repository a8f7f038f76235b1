package io.thalweg.broker.partition;

/**
 * The part of an aborted transaction that lies in one partition.
 *
 * @param firstOffset of its first batch, or of the first that is left
 * @param lastOffset of the marker that ended it
 * @param lastStableOffset what was left below it undecided when it ended: later ones of the list begin at or above that
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
