package io.thalweg.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The unit in which a journal is written: a header, entries, and zeros up to a whole number of pages. Confined to one call.
 *
 * <pre>
 * at  size  field
 *  0     4  CRC-32C of everything from the next field to the length
 *  4     4  length, with the header and without the zeros at the end
 *  8     4  magic, "TWJ" and the version 1
 * 12     8  sequence, one more than that of the block before
 * 20     8  sequence below which every block was durable when this one was written
 * 28     -  entries, see {@link JournalEntry}; none in a block that says that the file is of no use
 * </pre>
 *
 * @param sequence the place of the block among all that were ever written
 * @param durableBelow blocks with smaller sequences were durable
 * @param entries the bytes of the entries
 * @param pagedSize the bytes it takes up in the file
 */
record JournalBlock(long sequence, long durableBelow, ByteBuffer entries, int pagedSize) {

    /** Blocks begin at multiples of this, so that none is written over a part of a page, which would have to be read first. */
    static final int PAGE_BYTES = 4096;

    static final int HEADER_BYTES = 28;
    private static final int CRC_COVERS_FROM = 4;
    private static final int MAGIC = 0x54574A01;

    /** A size rounded up to whole pages. */
    static int paged(int bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    /** Makes a buffer that holds room for a header and then entries, up to its position, a block to be written. */
    static void seal(ByteBuffer buffer, long sequence, long durableBelow) {
        var length = buffer.position();
        buffer.putInt(CRC_COVERS_FROM, length)
                .putInt(8, MAGIC)
                .putLong(12, sequence)
                .putLong(20, durableBelow)
                .putInt(0, crcOf(buffer, 0, length));
        while (buffer.position() < paged(length)) {
            buffer.put((byte) 0);
        }
        buffer.flip();
    }

    /** The size of the block that begins at the start of some bytes if its header is right so far; -1 if it is none. */
    static int lengthOf(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES || bytes.getInt(bytes.position() + 8) != MAGIC) {
            return -1;
        }
        var length = bytes.getInt(bytes.position() + CRC_COVERS_FROM);
        return length < HEADER_BYTES || length > ScratchBuffers.BUFFER_BYTES ? -1 : length;
    }

    /** The block at the start of some bytes; null if there is none, or a damaged one. */
    static @Nullable JournalBlock at(ByteBuffer bytes) {
        var length = lengthOf(bytes);
        var start = bytes.position();
        if (length < 0 || length > bytes.remaining() || bytes.getInt(start) != crcOf(bytes, start, length)) {
            return null;
        }
        return new JournalBlock(
                bytes.getLong(start + 12),
                bytes.getLong(start + 20),
                bytes.slice(start + HEADER_BYTES, length - HEADER_BYTES),
                paged(length));
    }

    private static int crcOf(ByteBuffer bytes, int start, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(start + CRC_COVERS_FROM, length - CRC_COVERS_FROM));
        return (int) crc.getValue();
    }
}
