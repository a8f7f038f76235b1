package io.thalweg.protocol.record;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

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

    private final RecordBytes bytes;
    private final RecordCursor cursor;
    // What the header says, which is asked for with every record.
    private final int count;
    private final long baseOffset;
    private final int maxOffsetDelta;
    private final boolean isStamped;
    private final long baseTimestamp;
    private final long maxTimestamp;
    private int read;
    private int lastOffsetDelta = -1;

    RecordReader(RecordBatch batch, DecompressionLimit decompression) {
        this.count = batch.recordsCount();
        this.baseOffset = batch.baseOffset();
        this.maxOffsetDelta = batch.lastOffsetDelta();
        this.isStamped = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        this.baseTimestamp = batch.baseTimestamp();
        this.maxTimestamp = batch.maxTimestamp();
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
        advance();
        return cursor.toRecord(baseOffset, timestamp());
    }

    /**
     * Goes on to the next record without making a view of it: the methods below tell of it until the reader goes on again. For who copies
     * what it reads anyway.
     */
    public void advance() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + count + " records have been read");
        }
        boolean isGood = false;
        try {
            readRecord();
            isGood = true;
        } finally {
            if (!isGood) {
                close();
            }
        }
    }

    private void readRecord() {
        cursor.next();
        if (cursor.offsetDelta() <= lastOffsetDelta || cursor.offsetDelta() > maxOffsetDelta) {
            throw bytes.corrupt("record " + read + " has offset delta " + cursor.offsetDelta() + ", expected "
                    + (lastOffsetDelta + 1) + " to " + maxOffsetDelta + ",");
        }
        lastOffsetDelta = cursor.offsetDelta();
        read++;
        if (read == count) {
            finish();
        }
    }

    /** The record's place in the log. */
    public long offset() {
        return baseOffset + cursor.offsetDelta();
    }

    /** The record's time in epoch milliseconds, or {@link RecordBatch#NO_TIMESTAMP}. */
    public long timestamp() {
        return isStamped ? maxTimestamp : baseTimestamp + cursor.timestampDelta();
    }

    /** The record's key, or null. */
    public byte @Nullable [] copyOfKey() {
        return cursor.copyOfKey();
    }

    /** The record's value, or null. */
    public byte @Nullable [] copyOfValue() {
        return cursor.copyOfValue();
    }

    /** The record's headers in their order, their values as {@link RecordView} has them. */
    public List<RecordHeader> headers() {
        return cursor.headers();
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
