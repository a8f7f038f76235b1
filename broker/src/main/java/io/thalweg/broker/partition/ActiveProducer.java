package io.thalweg.broker.partition;

/**
 * An idempotent producer that a partition remembers.
 *
 * @param lastTimestamp the max timestamp of its last batch, epoch milliseconds
 * @param transactionStart the first offset of its open transaction, -1 if it has none
 */
public record ActiveProducer(
        long producerId, short producerEpoch, int lastSequence, long lastTimestamp, long transactionStart) {}
