package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.thalweg.spi.storage.BufferSlice;
import io.thalweg.spi.storage.FileSlice;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.OutboundFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame being written: its length and the payload's buffer are one pooled buffer, filled in at the end. Owned by the event loop of
 * its connection.
 */
final class NettyOutboundFrame implements OutboundFrame {

    /** Slices up to this size are copied: one buffer in the same writev costs less than a system call of its own. */
    static final int COPY_BYTES = 16 << 10;

    private static final int LENGTH_BYTES = 4;

    private final ByteBufAllocator allocator;
    private final ByteBuf buffer;
    private final ByteBuffer payload;
    private final List<Splice> splices = new ArrayList<>(0);
    private boolean closed;

    NettyOutboundFrame(ByteBufAllocator allocator, int bufferBytes) {
        this.allocator = allocator;
        this.buffer = allocator.directBuffer(LENGTH_BYTES + bufferBytes);
        this.payload = buffer.nioBuffer(LENGTH_BYTES, bufferBytes);
    }

    @Override
    public ByteBuffer buffer() {
        requireOpen();
        return payload;
    }

    @Override
    public void splice(LogSlice slice) {
        requireOpen();
        splices.add(new Splice(LENGTH_BYTES + payload.position(), slice));
    }

    /** Hands the frame to the channel, to leave with its next flush; the frame is closed then, also by an exception. */
    void writeTo(Channel channel) throws IOException {
        requireOpen();
        var end = LENGTH_BYTES + payload.position();
        if (splices.isEmpty()) {
            closed = true;
            buffer.setInt(0, payload.position());
            write(channel, buffer.writerIndex(end));
            return;
        }
        try {
            buffer.setInt(
                    0,
                    splices.stream()
                            .mapToInt(splice -> splice.slice().sizeInBytes())
                            .reduce(payload.position(), Math::addExact));
            writeSpliced(channel, end);
            closed = true;
            buffer.release();
        } finally {
            close();
        }
    }

    private void writeSpliced(Channel channel, int end) throws IOException {
        var from = 0;
        for (var splice : splices) {
            writeBuffer(channel, from, splice.index());
            write(channel, splice.slice());
            from = splice.index();
        }
        writeBuffer(channel, from, end);
    }

    private void writeBuffer(Channel channel, int from, int to) {
        if (from < to) {
            write(channel, buffer.retainedSlice(from, to - from));
        }
    }

    private void write(Channel channel, LogSlice slice) throws IOException {
        var isCopied = slice.sizeInBytes() <= COPY_BYTES
                || slice.<Boolean>match(file -> !SliceRegion.fits(file), buffers -> false);
        if (isCopied) {
            write(channel, copyOf(slice));
        } else {
            slice.<Void>match(file -> writeRegion(channel, file), buffers -> writeBuffers(channel, buffers));
        }
    }

    private ByteBuf copyOf(LogSlice slice) throws IOException {
        var size = slice.sizeInBytes();
        var copy = allocator.directBuffer(size);
        try (slice) {
            slice.copyTo(copy.nioBuffer(0, size), 0);
            return copy.writerIndex(size);
        } catch (Throwable e) {
            copy.release();
            throw e;
        }
    }

    private static Void writeRegion(Channel channel, FileSlice slice) {
        write(channel, new SliceRegion(slice));
        return null;
    }

    private static Void writeBuffers(Channel channel, BufferSlice slice) {
        var buffers = slice.buffers();
        for (var each : buffers.subList(0, buffers.size() - 1)) {
            write(channel, Unpooled.wrappedBuffer(each));
        }
        // Buffers are written and dropped in order, so none is needed after the last.
        var last = Unpooled.wrappedBuffer(buffers.get(buffers.size() - 1));
        channel.write(last).addListener(written -> slice.close());
        return null;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A void promise; the channel's events tell of failures.
    private static void write(Channel channel, Object message) {
        channel.write(message, channel.voidPromise());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            buffer.release();
            splices.forEach(splice -> splice.slice().close());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("outbound frame is sent or closed");
        }
    }

    /** A slice that goes before the byte of the buffer at {@code index}. */
    private record Splice(int index, LogSlice slice) {}
}
