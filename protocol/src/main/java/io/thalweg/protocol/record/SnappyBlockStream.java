package io.thalweg.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Decompresses snappy as it occurs in record batches, one block at a time. Confined to one reader.
 *
 * <pre>
 * at  size  field
 *  0     8  0x82 "SNAPPY" 0x00
 *  8     4  version
 * 12     4  lowest compatible version
 * 16     4  bytes of the first block
 * 20     -  the block, then the next length and block; a header may come again where a length would be
 * </pre>
 *
 * <p>What does not begin so is one bare block, which librdkafka writes. The stream class of snappy-java is not used because a block
 * must be in memory whole, and the stream does not let its reader refuse one that is too large. The library itself refuses a block
 * that claims to hold more than snappy can put into its bytes.
 */
final class SnappyBlockStream extends InputStream {

    private static final long MAGIC = 0x82534e4150505900L;
    private static final int MAGIC_BEGINNING = (int) (MAGIC >>> 32);
    private static final int HEADER_BYTES = 16;

    private final ByteBuffer compressed;
    private final int allowedBytes;
    private final boolean framed;
    private byte[] input = {};
    private byte[] block = {};
    private int position;
    private int limit;

    SnappyBlockStream(ByteBuffer compressed, int allowedBytes) {
        this.compressed = compressed.slice();
        this.allowedBytes = allowedBytes;
        this.framed = this.compressed.remaining() >= HEADER_BYTES && this.compressed.getLong(0) == MAGIC;
        if (framed) {
            this.compressed.position(HEADER_BYTES);
        }
    }

    @Override
    public int read() throws IOException {
        return hasBlock() ? block[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasBlock()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean hasBlock() throws IOException {
        while (position == limit) {
            if (!compressed.hasRemaining()) {
                return false;
            }
            decompressBlock(framed ? blockBytes() : compressed.remaining());
        }
        return true;
    }

    private int blockBytes() throws IOException {
        int bytes = nextInt();
        while (bytes == MAGIC_BEGINNING) {
            if (compressed.remaining() < HEADER_BYTES) {
                throw new IOException(
                        "snappy header is cut after " + (Integer.BYTES + compressed.remaining()) + " bytes");
            }
            compressed.position(compressed.position() + HEADER_BYTES - Integer.BYTES);
            bytes = nextInt();
        }
        if (bytes < 1 || bytes > compressed.remaining()) {
            throw new IOException("snappy block of " + bytes + " bytes where " + compressed.remaining() + " are left");
        }
        return bytes;
    }

    private int nextInt() throws IOException {
        if (compressed.remaining() < Integer.BYTES) {
            throw new IOException("snappy block length is cut after " + compressed.remaining() + " bytes");
        }
        return compressed.getInt();
    }

    private void decompressBlock(int bytes) throws IOException {
        input = input.length >= bytes ? input : new byte[bytes];
        compressed.get(input, 0, bytes);
        int decompressedBytes = Snappy.uncompressedLength(input, 0, bytes);
        if (decompressedBytes > allowedBytes) {
            throw new DecompressionLimitException(compressed.limit(), allowedBytes);
        }
        block = block.length >= decompressedBytes ? block : new byte[decompressedBytes];
        limit = Snappy.uncompress(input, 0, bytes, block, 0);
        position = 0;
    }
}
