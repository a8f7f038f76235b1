package io.thalweg.protocol.record;

import java.nio.ByteBuffer;

/** Writes zigzag-coded numbers of seven bits a byte, as {@link RecordReader} draws them. */
final class Varint {

    private Varint() {}

    static int bytesOf(long value) {
        long bits = (value << 1) ^ (value >> 63);
        return (Long.SIZE - Long.numberOfLeadingZeros(bits | 1) + 6) / 7;
    }

    static void write(ByteBuffer target, long value) {
        long bits = (value << 1) ^ (value >> 63);
        while ((bits & ~0x7fL) != 0) {
            target.put((byte) (bits | 0x80));
            bits >>>= 7;
        }
        target.put((byte) bits);
    }
}
