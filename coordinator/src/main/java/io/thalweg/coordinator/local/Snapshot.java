package io.thalweg.coordinator.local;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.StorageException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The state below an offset, as a checkpoint of the metadata log.
 *
 * <pre>
 * at  size  field    meaning
 *  0     2  version  0
 *  2     4  epoch    the greatest leader epoch below the offset
 *  6     4  count    of records
 * 10     -  records  each: int32 length, bytes
 * </pre>
 *
 * @param endOffset the offset after the last entry it covers
 */
record Snapshot(long endOffset, int epoch, List<ByteBuffer> records) {

    /** The checkpoint's name. */
    static final String NAME = "metadata";

    private static final short VERSION = 0;
    private static final int HEADER_BYTES = 10;

    Checkpoint toCheckpoint() {
        long bytes = HEADER_BYTES;
        for (var record : records) {
            bytes += Integer.BYTES + record.remaining();
        }
        var buffer = ByteBuffer.allocate(Math.toIntExact(bytes));
        buffer.putShort(VERSION).putInt(epoch).putInt(records.size());
        for (var record : records) {
            buffer.putInt(record.remaining()).put(record.duplicate());
        }
        return new Checkpoint(NAME, endOffset, buffer.flip());
    }

    static Snapshot fromCheckpoint(Checkpoint checkpoint) {
        var buffer = checkpoint.bytes().duplicate();
        try {
            short version = buffer.getShort();
            if (version != VERSION) {
                throw new StorageException.Corrupt(
                        "metadata snapshot below offset " + checkpoint.offset() + " has version " + version
                                + "; known is " + VERSION,
                        null);
            }
            int epoch = buffer.getInt();
            int count = buffer.getInt();
            var records = new ArrayList<ByteBuffer>();
            for (int i = 0; i < count; i++) {
                int length = buffer.getInt();
                records.add(buffer.slice(buffer.position(), length));
                buffer.position(buffer.position() + length);
            }
            return new Snapshot(checkpoint.offset(), epoch, List.copyOf(records));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new StorageException.Corrupt(
                    "metadata snapshot below offset " + checkpoint.offset() + " ends early", e);
        }
    }
}
