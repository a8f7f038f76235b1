package io.thalweg.storage.file;

import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.UnsupportedMagicException;
import io.thalweg.spi.storage.Disk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the batches in a range of a file, reading only what it is asked for through a buffer of bounded size. Confined to one
 * call.
 */
final class BatchScanner {

    private static final int CRC_COVERS_FROM = 21;

    private final Disk.File file;
    private final int limit;
    private final ByteBuffer buffer;

    /** Where in the file the buffer's first byte is from. */
    private int bufferStart;

    private int position;
    private int nextPosition;
    private long baseOffset;
    private long lastOffset;
    private long maxTimestamp;
    private int crc;
    private @Nullable String fault;

    /** Begins at a position where a batch begins; no batch reaches past the limit. */
    BatchScanner(Disk.File file, int position, int limit, ByteBuffer buffer) {
        this.file = file;
        this.limit = limit;
        this.buffer = buffer.clear().limit(0);
        this.nextPosition = position;
    }

    /** Moves to the next batch; false at the limit and at bytes that are no batch, see {@link #fault}. */
    boolean next() throws IOException {
        if (fault != null) {
            return false;
        }
        position = nextPosition;
        if (position == limit) {
            return false;
        }
        if (limit - position < RecordBatch.HEADER_BYTES) {
            fault = (limit - position) + " bytes are left, too few for a batch header";
            return false;
        }
        fill(position, RecordBatch.HEADER_BYTES);
        try {
            take(RecordBatch.at(buffer, position - bufferStart));
        } catch (CorruptRecordException | UnsupportedMagicException e) {
            fault = e.getMessage();
        }
        return fault == null;
    }

    /** Has {@link #next} go on from a batch that it was at; what is in the buffer still is not read again. */
    void backTo(int earlier) {
        nextPosition = earlier;
        fault = null;
    }

    private void take(RecordBatch batch) {
        if (batch.sizeInBytes() > limit - position) {
            fault = "a batch of " + batch.sizeInBytes() + " bytes begins where " + (limit - position) + " are left";
        } else if (batch.lastOffset() < batch.baseOffset()) {
            fault = "a batch has offsets " + batch.baseOffset() + " to " + batch.lastOffset();
        } else {
            baseOffset = batch.baseOffset();
            lastOffset = batch.lastOffset();
            maxTimestamp = batch.maxTimestamp();
            crc = (int) batch.crc();
            nextPosition = position + batch.sizeInBytes();
        }
    }

    /** Brings a range, no larger than the buffer, into the buffer. */
    private void fill(int from, int size) throws IOException {
        if (from >= bufferStart && from + size <= bufferStart + buffer.limit()) {
            return;
        }
        buffer.clear().limit(Math.min(buffer.capacity(), limit - from));
        bufferStart = from;
        file.read(buffer, from);
        buffer.flip();
        if (buffer.limit() < size) {
            throw new EOFException("file ends at position " + (from + buffer.limit()) + ", expected " + limit);
        }
    }

    /** Whether the bytes of the batch are those its CRC was computed over; if not, that is the fault. */
    boolean crcIsValid() throws IOException {
        var actual = new CRC32C();
        var at = position + CRC_COVERS_FROM;
        while (at < nextPosition) {
            fill(at, 1);
            var count = Math.min(nextPosition, bufferStart + buffer.limit()) - at;
            actual.update(buffer.slice(at - bufferStart, count));
            at += count;
        }
        if ((int) actual.getValue() != crc) {
            fault = "the batch at offset " + baseOffset + " has CRC " + Long.toHexString(actual.getValue())
                    + ", its header says " + Integer.toHexString(crc);
        }
        return fault == null;
    }

    /** What is wrong at {@link #position}, or null. */
    @Nullable String fault() {
        return fault;
    }

    /** Where the batch begins, or at the end of the walk, where it ended. */
    int position() {
        return position;
    }

    /** Where the batch ends. */
    int nextPosition() {
        return nextPosition;
    }

    long baseOffset() {
        return baseOffset;
    }

    long lastOffset() {
        return lastOffset;
    }

    long maxTimestamp() {
        return maxTimestamp;
    }
}
