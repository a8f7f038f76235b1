package io.thalweg.protocol.record;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Reads the records of one whole batch, first to last. Confined to one thread.
 *
 * <p>A record, before compression, is:
 *
 * <pre>
 * size     field            meaning
 * varint   length           bytes after this field
 * 1        attributes       0
 * varlong  timestamp delta  added to the batch's base timestamp
 * varint   offset delta     added to the batch's base offset; grows from record to record
 * varint   key length       -1: null
 * -        key
 * varint   value length     -1: null
 * -        value
 * varint   headers count
 *          per header: varint key length, key in UTF-8, varint value length (-1: null), value
 * </pre>
 *
 * <p>Varints are zigzag-coded: seven bits a byte, lowest first, the top bit set on all but the last.
 *
 * <p><b>Ownership.</b> The batch's buffer is lent until the reader is closed, and for batches that are not compressed as long as the
 * records are used. Decompressed records have memory of their own. Closing frees what the codec holds; a reader that has come to
 * the end or has thrown is closed already.
 *
 * <p><b>Errors.</b> {@link #next()} throws {@link CorruptRecordException} where the bytes break the format or the header's records
 * count, {@link DecompressionLimitException} where they grow too large, {@link MissingCodecException} if the codec's library is missing.
 */
public final class RecordReader implements Iterator<RecordView>, AutoCloseable {

    private final RecordBatch batch;
    private final RecordBytes bytes;
    private final RecordCursor cursor;
    private final int count;
    private int read;
    private int lastOffsetDelta = -1;

    RecordReader(RecordBatch batch, DecompressionLimit decompression) {
        this.batch = batch;
        this.count = batch.recordsCount();
        this.bytes = new RecordBytes(batch, decompression, null);
        this.cursor = new RecordCursor(bytes, true);
        if (count <= 0) {
            finish();
        }
    }

    @Override
    public boolean hasNext() {
        return read < count;
    }

    @Override
    public RecordView next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + count + " records have been read");
        }
        boolean isGood = false;
        try {
            RecordView next = readRecord();
            isGood = true;
            return next;
        } finally {
            if (!isGood) {
                close();
            }
        }
    }

    private RecordView readRecord() {
        cursor.next();
        if (cursor.offsetDelta() <= lastOffsetDelta || cursor.offsetDelta() > batch.lastOffsetDelta()) {
            throw bytes.corrupt("record " + read + " has offset delta " + cursor.offsetDelta() + ", expected "
                    + (lastOffsetDelta + 1) + " to " + batch.lastOffsetDelta() + ",");
        }
        lastOffsetDelta = cursor.offsetDelta();
        RecordView next = cursor.toRecord(batch.baseOffset(), timestamp());
        read++;
        if (read == count) {
            finish();
        }
        return next;
    }

    private long timestamp() {
        return batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : batch.baseTimestamp() + cursor.timestampDelta();
    }

    private void finish() {
        try {
            if (count < 0 || !bytes.isExhausted()) {
                throw bytes.corrupt("batch of " + count + " records has bytes left");
            }
        } finally {
            close();
        }
    }

    /** Frees what the codec holds; {@link #hasNext()} is false from now on. Idempotent. */
    @Override
    public void close() {
        read = count;
        bytes.close();
    }
}
