package io.thalweg.broker.partition;

/**
 * An idempotent producer that a partition remembers.
 *
 * @param lastTimestamp the max timestamp of its last batch, epoch milliseconds
 */
public record ActiveProducer(long producerId, short producerEpoch, int lastSequence, long lastTimestamp) {}
