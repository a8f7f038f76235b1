package io.thalweg.integration.hostile;

import com.github.luben.zstd.ZstdOutputStream;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.SnappyOutputStream;

/** Record batches, made by hand so that they can be wrong. */
final class Batches {

    private static final int RECORD_VALUE_BYTES = 1 << 20;

    private Batches() {}

    /** A sound batch of one small record. */
    static ByteBuffer sound() throws IOException {
        return batch(Compression.NONE, 1, record(0, new byte[10]));
    }

    /** A batch that is sound but for one bit of its records. */
    static ByteBuffer withWrongCrc() throws IOException {
        var batch = sound();
        var last = batch.limit() - 1;
        return batch.put(last, (byte) (batch.get(last) ^ 1));
    }

    /** A batch that says it is compressed, and whose records are these bytes. */
    static ByteBuffer claiming(Compression compression, byte[] records) {
        return batch(compression, 1, records);
    }

    /** A sound batch of so many records of a megabyte of zeros each, well compressed. */
    static ByteBuffer bomb(Compression compression, int records) throws IOException {
        var compressed = new ByteArrayOutputStream();
        try (var target = compress(compression, compressed)) {
            for (var number = 0; number < records; number++) {
                target.write(record(number, new byte[RECORD_VALUE_BYTES]));
            }
        }
        return batch(compression, records, compressed.toByteArray());
    }

    private static OutputStream compress(Compression compression, OutputStream target) throws IOException {
        return switch (compression) {
            case NONE -> target;
            case GZIP -> new GZIPOutputStream(target);
            case SNAPPY -> new SnappyOutputStream(target);
            case LZ4 ->
                new LZ4FrameOutputStream(
                        target,
                        LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                        LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
            case ZSTD -> new ZstdOutputStream(target);
        };
    }

    private static byte[] record(int offsetDelta, byte[] value) throws IOException {
        var body = new ByteArrayOutputStream();
        body.write(0); // attributes
        body.write(0); // timestamp delta
        writeVarint(body, offsetDelta);
        writeVarint(body, -1); // no key
        writeVarint(body, value.length);
        body.write(value);
        writeVarint(body, 0); // no headers
        var record = new ByteArrayOutputStream();
        writeVarint(record, body.size());
        body.writeTo(record);
        return record.toByteArray();
    }

    private static void writeVarint(OutputStream target, int number) throws IOException {
        var bits = (number << 1) ^ (number >> 31);
        for (; (bits & ~0x7f) != 0; bits >>>= 7) {
            target.write((bits & 0x7f) | 0x80);
        }
        target.write(bits);
    }

    private static ByteBuffer batch(Compression compression, int count, byte[] records) {
        var now = System.currentTimeMillis();
        var batch = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + records.length)
                .putLong(0)
                .putInt(RecordBatch.HEADER_BYTES - Long.BYTES - Integer.BYTES + records.length)
                .putInt(-1)
                .put((byte) 2)
                .putInt(0)
                .putShort((short) compression.id())
                .putInt(count - 1)
                .putLong(now)
                .putLong(now)
                .putLong(-1)
                .putShort((short) -1)
                .putInt(-1)
                .putInt(count)
                .put(records)
                .flip();
        var crcPosition = Long.BYTES + Integer.BYTES + Integer.BYTES + 1;
        var crc = new CRC32C();
        crc.update(batch.duplicate().position(crcPosition + Integer.BYTES));
        return batch.putInt(crcPosition, (int) crc.getValue());
    }
}
