package io.thalweg.protocol.record;

import java.nio.ByteBuffer;

/** Batches around record bytes that need not make sense. */
final class RawBatch {

    private RawBatch() {}

    /** A batch of this compression whose stored record bytes are the ones given. */
    static RecordBatch of(Compression compression, int recordsCount, byte[] stored) {
        ByteBuffer buffer = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + stored.length);
        buffer.putInt(RecordBatch.BATCH_LENGTH_AT, buffer.capacity() - RecordBatch.LENGTH_PREFIX_BYTES);
        buffer.put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC);
        buffer.putShort(RecordBatch.ATTRIBUTES_AT, (short) compression.id());
        buffer.putInt(RecordBatch.LAST_OFFSET_DELTA_AT, recordsCount - 1);
        buffer.putInt(RecordBatch.RECORDS_COUNT_AT, recordsCount);
        buffer.put(RecordBatch.HEADER_BYTES, stored);
        return RecordBatch.at(buffer, 0);
    }

    /** The stored bytes of one uncompressed batch that holds this many records of so many zero bytes. */
    static byte[] zeros(int records, int valueBytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(records * (valueBytes + 32) + RecordBatch.HEADER_BYTES);
        for (int i = 0; i < records; i++) {
            builder.append(0, null, ByteBuffer.allocate(valueBytes));
        }
        return KafkaBatch.array(RecordBatch.at(builder.build(), 0).recordBytes());
    }
}
