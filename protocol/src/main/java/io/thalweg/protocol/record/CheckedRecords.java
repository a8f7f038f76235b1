package io.thalweg.protocol.record;

/**
 * What {@link RecordChecker} found in a sound batch and a topic may still object to. Timestamps are those that the records carry, so
 * for a batch stamped with the append time they are the producer's.
 *
 * @param firstWithoutKey index of the first record without a key, or {@link #NONE}
 * @param minTimestamp the smallest timestamp
 * @param maxTimestamp the largest timestamp; the header may say otherwise
 * @param firstWithMaxTimestamp index of the first record that has it
 */
public record CheckedRecords(int firstWithoutKey, long minTimestamp, long maxTimestamp, int firstWithMaxTimestamp) {

    /** Stands for no record. */
    public static final int NONE = -1;

    /** Whether every record has a key, as compaction needs. */
    public boolean allHaveKeys() {
        return firstWithoutKey == NONE;
    }
}
