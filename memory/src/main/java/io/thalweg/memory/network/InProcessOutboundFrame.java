package io.thalweg.memory.network;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.OutboundFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A frame being written. Owned by the event loop of its connection. */
final class InProcessOutboundFrame implements OutboundFrame {

    private final ByteBuffer buffer;
    private final List<Splice> splices = new ArrayList<>(0);
    private final AtomicInteger openFrames;
    private boolean closed;

    InProcessOutboundFrame(int bufferBytes, AtomicInteger openFrames) {
        this.buffer = ByteBuffer.allocate(bufferBytes);
        this.openFrames = openFrames;
        openFrames.incrementAndGet();
    }

    @Override
    public ByteBuffer buffer() {
        requireOpen();
        return buffer;
    }

    @Override
    public void splice(LogSlice slice) {
        requireOpen();
        splices.add(new Splice(buffer.position(), slice));
    }

    /** The payload in one buffer; closes the frame. */
    ByteBuffer take() throws IOException {
        requireOpen();
        try {
            return splices.isEmpty() ? buffer.flip() : joined();
        } finally {
            close();
        }
    }

    private ByteBuffer joined() throws IOException {
        var spliced = splices.stream().mapToInt(splice -> splice.slice().sizeInBytes());
        var payload = ByteBuffer.allocate(spliced.reduce(buffer.position(), Math::addExact));
        buffer.flip();
        for (var splice : splices) {
            payload.put(buffer.slice(buffer.position(), splice.position() - buffer.position()));
            buffer.position(splice.position());
            splice.slice().copyTo(payload, 0);
        }
        return payload.put(buffer).flip();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            openFrames.decrementAndGet();
            splices.forEach(splice -> splice.slice().close());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("outbound frame is sent or closed");
        }
    }

    /** A slice that goes out when {@code position} bytes of the buffer have gone. */
    private record Splice(int position, LogSlice slice) {}
}
