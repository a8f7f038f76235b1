package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatch;
import java.util.List;

/**
 * One batch as a log or a reader has it.
 *
 * @param serial the time it says its first record is of, by which batches of clients tell themselves apart
 * @param maxTimestamp the latest time that one of its records is of
 * @param crc of everything in it but its offset and epoch
 * @param isCompacted whether what it is compared with may have been compacted, until nothing is left
 * @param records what is in it then, else none
 */
public record BatchNote(
        long baseOffset,
        long lastOffset,
        int leaderEpoch,
        long serial,
        long maxTimestamp,
        long crc,
        boolean isCompacted,
        List<RecordNote> records) {

    /** A batch of a topic that is not compacted, whose records are all of the same time. */
    public BatchNote(long baseOffset, long lastOffset, int leaderEpoch, long serial, long crc) {
        this(baseOffset, lastOffset, leaderEpoch, serial, serial, crc, false, List.of());
    }

    static BatchNote of(RecordBatch batch, boolean isCompacted) {
        return new BatchNote(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.partitionLeaderEpoch(),
                batch.baseTimestamp(),
                batch.maxTimestamp(),
                batch.crc(),
                isCompacted,
                isCompacted ? RecordNote.of(batch, 0) : List.of());
    }

    /** A batch that was sent as it is here, and got this offset. */
    static BatchNote sent(RecordBatch batch, long baseOffset, int leaderEpoch, boolean isCompacted) {
        return new BatchNote(
                baseOffset,
                baseOffset + batch.lastOffsetDelta(),
                leaderEpoch,
                batch.baseTimestamp(),
                batch.maxTimestamp(),
                batch.crc(),
                isCompacted,
                isCompacted ? RecordNote.of(batch, baseOffset - batch.baseOffset()) : List.of());
    }

    /** Whether the records are the same, or what compaction may have left of the same. */
    boolean holdsTheSameAs(BatchNote other) {
        if (!isCompacted) {
            return baseOffset == other.baseOffset
                    && lastOffset == other.lastOffset
                    && serial == other.serial
                    && crc == other.crc;
        }
        return records.stream()
                .allMatch(record -> other.records.stream()
                        .allMatch(known -> known.offset() != record.offset() || known.equals(record)));
    }
}
