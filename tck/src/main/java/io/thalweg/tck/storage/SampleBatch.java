package io.thalweg.tck.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A valid v2 record batch header before opaque bytes; equal to another if every byte is.
 *
 * <pre>
 *  0  8  base offset           23  4  last offset delta       51  2  producer epoch
 *  8  4  batch length          27  8  base timestamp          53  4  base sequence
 * 12  4  partition leader epoch 35 8  max timestamp           57  4  record count
 * 16  1  magic, 2              43  8  producer id             61     opaque bytes
 * 17  4  CRC-32C of what follows
 * 21  2  attributes
 * </pre>
 *
 * @param bytes the whole batch, position 0 to limit; not changed by anyone
 */
public record SampleBatch(ByteBuffer bytes) {

    /** The bytes before the records. */
    public static final int HEADER_BYTES = 61;

    private static final int LENGTH_AT = 8;
    private static final int LENGTH_COUNTS_FROM = 12;
    private static final int LEADER_EPOCH_AT = 12;
    private static final int CRC_AT = 17;
    private static final int CRC_COVERS_FROM = 21;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int MAX_TIMESTAMP_AT = 35;

    /** A batch of so many records, of {@code HEADER_BYTES + payloadBytes} bytes; the payload follows from the base offset. */
    public static SampleBatch of(long baseOffset, int records, long maxTimestamp, int payloadBytes) {
        return of(baseOffset, records, 0, maxTimestamp, payloadBytes, baseOffset);
    }

    /** The same with a leader epoch and another payload for each seed. */
    public static SampleBatch of(
            long baseOffset, int records, int leaderEpoch, long maxTimestamp, int payloadBytes, long seed) {
        var payload = new byte[payloadBytes];
        new SplittableRandom(seed).nextBytes(payload);
        var bytes = ByteBuffer.allocate(HEADER_BYTES + payloadBytes)
                .putLong(baseOffset)
                .putInt(HEADER_BYTES - LENGTH_COUNTS_FROM + payloadBytes)
                .putInt(leaderEpoch)
                .put((byte) 2)
                .putInt(0)
                .putShort((short) 0)
                .putInt(records - 1)
                .putLong(maxTimestamp)
                .putLong(maxTimestamp)
                .putLong(-1)
                .putShort((short) -1)
                .putInt(-1)
                .putInt(records)
                .put(payload)
                .flip();
        var crc = new CRC32C();
        crc.update(bytes.slice(CRC_COVERS_FROM, bytes.limit() - CRC_COVERS_FROM));
        return new SampleBatch(bytes.putInt(CRC_AT, (int) crc.getValue()).asReadOnlyBuffer());
    }

    /** The batches in a slice, which is closed. */
    public static List<SampleBatch> in(LogSlice slice) {
        try {
            return in(slice.toBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SampleBatch> in(ByteBuffer bytes) {
        var batches = new ArrayList<SampleBatch>();
        while (bytes.hasRemaining()) {
            var size = LENGTH_COUNTS_FROM + bytes.getInt(bytes.position() + LENGTH_AT);
            batches.add(new SampleBatch(bytes.slice(bytes.position(), size)));
            bytes.position(bytes.position() + size);
        }
        return batches;
    }

    /** The offset of the first record. */
    public long baseOffset() {
        return bytes.getLong(0);
    }

    /** The offset of the last record. */
    public long lastOffset() {
        return baseOffset() + bytes.getInt(LAST_OFFSET_DELTA_AT);
    }

    /** The epoch of the leader that assigned the offsets. */
    public int leaderEpoch() {
        return bytes.getInt(LEADER_EPOCH_AT);
    }

    /** The greatest timestamp, epoch milliseconds. */
    public long maxTimestamp() {
        return bytes.getLong(MAX_TIMESTAMP_AT);
    }

    /** All bytes of the batch. */
    public int sizeInBytes() {
        return bytes.remaining();
    }

    /** The batch as a log takes it, on a direct buffer of its own as a connection would give it. */
    public Batch toBatch() {
        return toBatch(
                ByteBuffer.allocateDirect(sizeInBytes()).put(bytes.duplicate()).flip());
    }

    /** The batch as a log takes it, on a buffer that holds its bytes. */
    Batch toBatch(ByteBuffer buffer) {
        return new Batch(buffer, baseOffset(), lastOffset(), leaderEpoch(), maxTimestamp());
    }

    @Override
    public String toString() {
        return "[" + baseOffset() + ".." + lastOffset() + " " + sizeInBytes() + " bytes]";
    }
}
