package io.thalweg.protocol.record;

import java.nio.ByteBuffer;

/**
 * Walks the records of batches that producers sent and finds out whether they are what the header says, without allocating anything
 * per record. Owned by one thread: it decompresses into the same buffer each time.
 *
 * <p>A sound batch has at least one record, as many as the header counts, at offset deltas 0, 1, 2 and so on; lengths add up exactly;
 * nothing is left after the last record. The CRC is checked by {@link RecordBatch#crcIsValid()}.
 */
public final class RecordChecker {

    private final DecompressionLimit decompression;
    private final ByteBuffer scratch = ByteBuffer.allocate(RecordBytes.WINDOW_BYTES);

    /** Creates a checker that decompresses no further than the limit. */
    public RecordChecker(DecompressionLimit decompression) {
        this.decompression = decompression;
    }

    /**
     * Checks one whole batch.
     *
     * @throws CorruptRecordException if it is not sound, or grows too large when decompressed
     * @throws MissingCodecException if the library of its compression is missing
     */
    public CheckedRecords check(RecordBatch batch) {
        int count = batch.recordsCount();
        if (count < 1 || count - 1 != batch.lastOffsetDelta()) {
            throw new CorruptRecordException(
                    "batch at offset " + batch.baseOffset() + " has " + count + " records and last offset delta "
                            + batch.lastOffsetDelta() + "; expected at least 1, and one less");
        }
        try (RecordBytes bytes = new RecordBytes(batch, decompression, scratch)) {
            CheckedRecords checked = walk(bytes, batch.baseTimestamp(), count);
            if (!bytes.isExhausted()) {
                throw bytes.corrupt("batch of " + count + " records has bytes left");
            }
            return checked;
        }
    }

    private static CheckedRecords walk(RecordBytes bytes, long baseTimestamp, int count) {
        RecordCursor record = new RecordCursor(bytes, false);
        int firstWithoutKey = CheckedRecords.NONE;
        long minTimestamp = Long.MAX_VALUE;
        long maxTimestamp = Long.MIN_VALUE;
        int firstWithMaxTimestamp = 0;
        for (int i = 0; i < count; i++) {
            record.next();
            if (record.offsetDelta() != i) {
                throw bytes.corrupt(
                        "record " + i + " has offset delta " + record.offsetDelta() + ", expected " + i + ",");
            }
            if (!record.hasKey() && firstWithoutKey == CheckedRecords.NONE) {
                firstWithoutKey = i;
            }
            long timestamp = baseTimestamp + record.timestampDelta();
            minTimestamp = Math.min(minTimestamp, timestamp);
            if (timestamp > maxTimestamp) {
                maxTimestamp = timestamp;
                firstWithMaxTimestamp = i;
            }
        }
        return new CheckedRecords(firstWithoutKey, minTimestamp, maxTimestamp, firstWithMaxTimestamp);
    }
}
