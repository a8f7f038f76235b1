package io.thalweg.spi.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A range of a file. The channel is lent until the slice is closed and is only read by position. */
public final class FileSlice implements LogSlice {

    private final FileChannel channel;
    private final long position;
    private final int sizeInBytes;
    private final AtomicReference<@Nullable Runnable> release;

    FileSlice(FileChannel channel, long position, int sizeInBytes, Runnable release) {
        this.channel = channel;
        this.position = position;
        this.sizeInBytes = sizeInBytes;
        this.release = new AtomicReference<>(release);
    }

    public FileChannel channel() {
        return channel;
    }

    /** Where the range begins in the file, in bytes. */
    public long position() {
        return position;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public void copyTo(ByteBuffer target, int from) throws IOException {
        var limit = target.limit();
        target.limit(target.position() + Math.min(target.remaining(), sizeInBytes - from));
        try {
            var at = position + from;
            while (target.hasRemaining()) {
                var count = channel.read(target, at);
                if (count < 0) {
                    throw new EOFException(
                            "file ends at position " + at + ", slice reaches to " + (position + sizeInBytes));
                }
                at += count;
            }
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public <R> R match(Function<FileSlice, R> file, Function<BufferSlice, R> buffers) {
        return file.apply(this);
    }

    @Override
    public void close() {
        var action = release.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }
}
