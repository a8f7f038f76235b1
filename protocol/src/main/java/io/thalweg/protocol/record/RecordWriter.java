package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, as {@link RecordReader} draws them, into a heap buffer that grows up to a bound. Confined to one builder.
 */
final class RecordWriter {

    private static final int FIRST_BYTES = 1 << 10;

    private final int maxBytes;
    private byte[] bytes;
    private int position;

    /** Leaves room for so many bytes before the first record; they count against the bound. */
    RecordWriter(int bytesBefore, int maxBytes) {
        this(bytesBefore, maxBytes, new byte[Math.min(maxBytes, FIRST_BYTES)]);
    }

    /** As above, in this memory as long as it is enough. */
    RecordWriter(int bytesBefore, int maxBytes, byte[] memory) {
        this.maxBytes = maxBytes;
        this.bytes = memory;
        this.position = bytesBefore;
    }

    /** Where the next record would begin. */
    int position() {
        return position;
    }

    /** What was written, with the room before it; the writer is done. */
    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, position);
    }

    static long recordBytes(
            long timestampDelta,
            int offsetDelta,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        long bodyBytes = bodyBytes(timestampDelta, offsetDelta, key, value, headers, utf8Keys(headers));
        return varintBytes(bodyBytes) + bodyBytes;
    }

    /** Writes one record, unless it does not fit any more. */
    boolean append(
            long timestampDelta,
            int offsetDelta,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        List<byte[]> headerKeys = utf8Keys(headers);
        long bodyBytes = bodyBytes(timestampDelta, offsetDelta, key, value, headers, headerKeys);
        if (!makeRoom(varintBytes(bodyBytes) + bodyBytes)) {
            return false;
        }
        writeVarint(bodyBytes);
        bytes[position++] = 0; // Attributes.
        writeVarint(timestampDelta);
        writeVarint(offsetDelta);
        writeNullable(key);
        writeNullable(value);
        writeHeaders(headers, headerKeys);
        return true;
    }

    private static long bodyBytes(
            long timestampDelta,
            int offsetDelta,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers,
            List<byte[]> headerKeys) {
        long bytes = 1L + varintBytes(timestampDelta) + varintBytes(offsetDelta);
        bytes += nullableBytes(key) + nullableBytes(value) + varintBytes(headers.size());
        for (int i = 0; i < headerKeys.size(); i++) {
            int keyBytes = headerKeys.get(i).length;
            bytes += varintBytes(keyBytes)
                    + keyBytes
                    + nullableBytes(headers.get(i).value());
        }
        return bytes;
    }

    private static long nullableBytes(@Nullable ByteBuffer bytes) {
        return bytes == null ? varintBytes(-1) : varintBytes(bytes.remaining()) + (long) bytes.remaining();
    }

    private static List<byte[]> utf8Keys(List<RecordHeader> headers) {
        return headers.isEmpty()
                ? List.of()
                : headers.stream()
                        .map(each -> each.key().getBytes(StandardCharsets.UTF_8))
                        .toList();
    }

    private boolean makeRoom(long more) {
        if (more > maxBytes - position) {
            return false;
        }
        if (more > bytes.length - position) {
            long grown = Math.max(position + more, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, grown));
        }
        return true;
    }

    private void writeHeaders(List<RecordHeader> headers, List<byte[]> headerKeys) {
        writeVarint(headers.size());
        for (int i = 0; i < headerKeys.size(); i++) {
            byte[] key = headerKeys.get(i);
            writeVarint(key.length);
            System.arraycopy(key, 0, bytes, position, key.length);
            position += key.length;
            writeNullable(headers.get(i).value());
        }
    }

    private void writeNullable(@Nullable ByteBuffer value) {
        if (value == null) {
            writeVarint(-1);
            return;
        }
        int length = value.remaining();
        writeVarint(length);
        value.get(value.position(), bytes, position, length);
        position += length;
    }

    private void writeVarint(long value) {
        long bits = (value << 1) ^ (value >> 63);
        while ((bits & ~0x7fL) != 0) {
            bytes[position++] = (byte) (bits | 0x80);
            bits >>>= 7;
        }
        bytes[position++] = (byte) bits;
    }

    private static int varintBytes(long value) {
        long bits = (value << 1) ^ (value >> 63);
        return (Long.SIZE - Long.numberOfLeadingZeros(bits | 1) + 6) / 7;
    }
}
