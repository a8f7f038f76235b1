package io.thalweg.spi.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Buffers in order, each from position to limit; lent until the slice is closed, never changed. */
public final class BufferSlice implements LogSlice {

    private final List<ByteBuffer> buffers;
    private final int sizeInBytes;
    private final AtomicReference<@Nullable Runnable> release;

    BufferSlice(List<ByteBuffer> buffers, Runnable release) {
        this.buffers = List.copyOf(buffers);
        this.sizeInBytes = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        this.release = new AtomicReference<>(release);
    }

    public List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public void copyTo(ByteBuffer target, int from) {
        var skip = from;
        for (var buffer : buffers) {
            var size = buffer.remaining();
            if (skip < size) {
                var count = Math.min(size - skip, target.remaining());
                target.put(buffer.slice(buffer.position() + skip, count));
                skip = 0;
            } else {
                skip -= size;
            }
        }
    }

    @Override
    public <R> R match(Function<FileSlice, R> file, Function<BufferSlice, R> buffers) {
        return buffers.apply(this);
    }

    @Override
    public void close() {
        var action = release.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }
}
