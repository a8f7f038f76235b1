package io.thalweg.broker.partition;

/**
 * Why one record of a batch is not taken, and with it the batch.
 *
 * @param index of the record in its batch
 * @param message why
 */
public record RecordFault(int index, String message) {}
