package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatch;

/**
 * One batch as a log or a reader has it.
 *
 * @param serial the time it says its first record is of, by which batches of clients tell themselves apart
 * @param crc of everything in it but its offset and epoch
 */
public record BatchNote(long baseOffset, long lastOffset, int leaderEpoch, long serial, long crc) {

    public static BatchNote of(RecordBatch batch) {
        return new BatchNote(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.partitionLeaderEpoch(),
                batch.baseTimestamp(),
                batch.crc());
    }

    /** Whether the records are the same. */
    boolean holdsTheSameAs(BatchNote other) {
        return baseOffset == other.baseOffset
                && lastOffset == other.lastOffset
                && serial == other.serial
                && crc == other.crc;
    }
}
