package io.thalweg.spi.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.function.Function;

/**
 * Whole batches read from a log: a range of a file or buffers.
 *
 * <p><b>Threads.</b> One thread at a time; may be handed over.
 *
 * <p><b>Ownership.</b> Given; its receiver closes it exactly once. Its bytes stay the same until then.
 *
 * <p><b>Close.</b> Idempotent, from any thread. The bytes must not be touched afterwards.
 */
public sealed interface LogSlice extends AutoCloseable permits FileSlice, BufferSlice {

    /** How many bytes of batches there are; 0 when nothing was there to read. */
    int sizeInBytes();

    /**
     * Copies the bytes from {@code from} (zero-based, within the slice) until the target is full or the slice ends, and moves the
     * target's position. May read the disk.
     *
     * @throws IOException when the disk cannot be read
     */
    void copyTo(ByteBuffer target, int from) throws IOException;

    /**
     * All the bytes, in memory of their own; the slice is closed then. May read the disk.
     *
     * @throws IOException when the disk cannot be read
     */
    default ByteBuffer toBuffer() throws IOException {
        try (var slice = this) {
            var copy = ByteBuffer.allocate(slice.sizeInBytes());
            slice.copyTo(copy, 0);
            return copy.flip();
        }
    }

    /** Calls the function that fits, because a switch on Java 17 cannot. */
    <R> R match(Function<FileSlice, R> file, Function<BufferSlice, R> buffers);

    @Override
    void close();

    /** A slice with nothing in it. */
    static LogSlice empty() {
        return new BufferSlice(List.of(), () -> {});
    }

    /** A range of a file, for sendfile. */
    static LogSlice of(FileChannel channel, long position, int sizeInBytes, Runnable release) {
        return new FileSlice(channel, position, sizeInBytes, release);
    }

    /** Buffers, each from position to limit, in order. */
    static LogSlice of(List<ByteBuffer> buffers, Runnable release) {
        return new BufferSlice(buffers, release);
    }
}
