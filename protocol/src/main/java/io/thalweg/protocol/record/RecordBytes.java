package io.thalweg.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The record bytes of one batch read forward through a window: the batch's own bytes, or, if they are compressed, what was last
 * decompressed. Confined to one reader or checker, which closes it.
 *
 * <p>A scratch buffer on the heap, if given, is the window again and again. Without one every window is a new array, so that slices of it
 * stay valid.
 */
final class RecordBytes implements AutoCloseable {

    /** How much is decompressed at once. */
    static final int WINDOW_BYTES = 16 << 10;

    private static final int MIN_WINDOW_BYTES = 512;

    private final RecordBatch batch;
    private final Compression compression;
    private final int storedBytes;
    private final int allowedBytes;
    private final int allowedRecordBytes;
    private final @Nullable ByteBuffer scratch;
    private final @Nullable InputStream source;
    private ByteBuffer window;
    private int position;
    private int limit;
    /** Bytes in the windows before this one. */
    private int bytesBefore;

    RecordBytes(RecordBatch batch, DecompressionLimit decompression, @Nullable ByteBuffer scratch) {
        ByteBuffer stored = batch.recordBytes();
        this.batch = batch;
        this.compression = batch.compression();
        this.storedBytes = stored.remaining();
        this.allowedBytes = decompression.allowedBytes(storedBytes);
        this.allowedRecordBytes = decompression.allowedRecordBytes(storedBytes);
        this.scratch = scratch;
        this.window = stored;
        this.source = compression == Compression.NONE ? null : decompress(stored);
        this.limit = source == null ? stored.limit() : 0;
    }

    private InputStream decompress(ByteBuffer stored) {
        try {
            return compression.codec().decompress(stored, allowedBytes);
        } catch (IOException | RuntimeException e) {
            throw undecodable(e);
        } catch (LinkageError e) {
            throw new MissingCodecException(compression, e);
        }
    }

    /** Bytes read so far. */
    int consumed() {
        return bytesBefore + position;
    }

    /** Refuses a record whose size goes past the end of the records, or past what it or they all may grow to. */
    void checkMayHave(int recordBytes) {
        if (source == null && recordBytes > limit - position) {
            throw cut(recordBytes, limit - position);
        }
        if (source != null && recordBytes > allowedRecordBytes) {
            throw new DecompressionLimitException(storedBytes, allowedRecordBytes);
        }
        if (source != null && recordBytes > allowedBytes - consumed()) {
            throw new DecompressionLimitException(storedBytes, allowedBytes);
        }
    }

    /** Whether nothing is left; decompresses no more than one window to find out. */
    boolean isExhausted() {
        return position == limit && !refill();
    }

    byte next() {
        if (position == limit && !refill()) {
            throw cut(1, 0);
        }
        return window.get(position++);
    }

    /** A zigzag-coded number of at most 32 bits. */
    int varint() {
        byte current = next();
        if (current >= 0) {
            return (current >>> 1) ^ -(current & 1);
        }
        int bits = current & 0x7f;
        for (int shift = 7; current < 0; shift += 7) {
            if (shift > 28) {
                throw corrupt("number of more than 5 bytes");
            }
            current = next();
            bits |= (current & 0x7f) << shift;
        }
        return (bits >>> 1) ^ -(bits & 1);
    }

    /** A zigzag-coded number of at most 64 bits. */
    long varlong() {
        byte current = next();
        if (current >= 0) {
            return (current >>> 1) ^ -(long) (current & 1);
        }
        long bits = current & 0x7f;
        for (int shift = 7; current < 0; shift += 7) {
            if (shift > 63) {
                throw corrupt("number of more than 10 bytes");
            }
            current = next();
            bits |= (current & 0x7fL) << shift;
        }
        return (bits >>> 1) ^ -(bits & 1);
    }

    void skip(int bytes) {
        int missing = bytes;
        while (missing > limit - position) {
            missing -= limit - position;
            position = limit;
            if (!refill()) {
                throw cut(bytes, bytes - missing);
            }
        }
        position += missing;
    }

    /** Where the next byte lies in the window; it stays there until more bytes are {@link #require required}. */
    int position() {
        return position;
    }

    /** Bytes of the window as a slice; {@link #require} has brought them into it. */
    ByteBuffer slice(int at, int bytes) {
        return window.slice(at, bytes);
    }

    /** The same, copied. */
    byte[] copy(int at, int bytes) {
        byte[] copy = new byte[bytes];
        window.get(at, copy);
        return copy;
    }

    /** Makes the next bytes lie in one window; grows it only as bytes really come. Not for a scratch window. */
    void require(int bytes) {
        int available = limit - position;
        if (bytes <= available) {
            return;
        }
        if (source == null) {
            throw cut(bytes, available);
        }
        growWindow(source, bytes, available);
    }

    private void growWindow(InputStream from, int bytes, int available) {
        byte[] array = new byte[Math.max(windowBytes(), Math.min(bytes, 2 * available))];
        window.get(position, array, 0, available);
        bytesBefore += position;
        position = 0;
        limit = available;
        while (limit < bytes) {
            array = limit < array.length ? array : Arrays.copyOf(array, (int) Math.min(bytes, 2L * limit));
            int count = read(from, array, limit);
            if (count < 0) {
                throw cut(bytes, limit);
            }
            limit += count;
        }
        window = ByteBuffer.wrap(array);
    }

    private boolean refill() {
        if (source == null) {
            return false;
        }
        ByteBuffer next = scratch != null ? scratch : ByteBuffer.wrap(new byte[windowBytes()]);
        int count = read(source, next.array(), 0);
        if (count < 0) {
            return false;
        }
        bytesBefore += limit;
        position = 0;
        limit = count;
        window = next;
        return true;
    }

    private int windowBytes() {
        return (int) Math.max(MIN_WINDOW_BYTES, Math.min(WINDOW_BYTES, 4L * storedBytes));
    }

    /** Reads at least one byte, or -1 at the end. */
    private int read(InputStream from, byte[] array, int offset) {
        int allowed = allowedBytes - bytesBefore - limit;
        try {
            if (allowed <= 0) {
                return endOrLimit(from);
            }
            return from.read(array, offset, Math.min(allowed, array.length - offset));
        } catch (DecompressionLimitException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw undecodable(e);
        } catch (LinkageError e) {
            throw new MissingCodecException(compression, e);
        }
    }

    private int endOrLimit(InputStream from) throws IOException {
        if (from.read() < 0) {
            return -1;
        }
        throw new DecompressionLimitException(storedBytes, allowedBytes);
    }

    CorruptRecordException corrupt(String what) {
        return new CorruptRecordException(
                what + " before byte " + consumed() + " of the records of the batch at offset " + batch.baseOffset());
    }

    private CorruptRecordException cut(int expected, int found) {
        return corrupt("records end after " + found + " of " + expected + " expected bytes");
    }

    private CorruptRecordException undecodable(Exception cause) {
        return new CorruptRecordException(
                "records of the batch at offset " + batch.baseOffset() + " do not decompress as "
                        + compression.configName() + ": " + cause.getMessage(),
                cause);
    }

    /** Frees what the codec holds; what it says about it no longer matters. */
    @Override
    public void close() {
        if (source == null) {
            return;
        }
        try {
            source.close();
        } catch (IOException | RuntimeException ignored) {
            // The records have been read, or have been found corrupt already.
        }
    }
}
