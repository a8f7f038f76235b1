package io.thalweg.simulation.world;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.OutboundFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A frame being written. Owned by the scheduler. */
final class SimulatedOutboundFrame implements OutboundFrame {

    private final ByteBuffer buffer;
    private final List<Splice> splices = new ArrayList<>(0);
    private boolean isClosed;

    /** A slice that goes out when so many bytes of the buffer have gone. */
    private record Splice(int position, LogSlice slice) {}

    SimulatedOutboundFrame(int bufferBytes) {
        this.buffer = ByteBuffer.allocate(bufferBytes);
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void splice(LogSlice slice) {
        splices.add(new Splice(buffer.position(), slice));
    }

    /** The payload in memory of its own; closes the frame. */
    ByteBuffer take() throws IOException {
        if (isClosed) {
            throw new IllegalStateException("outbound frame is sent or closed");
        }
        try {
            var sliced = splices.stream()
                    .mapToInt(splice -> splice.slice().sizeInBytes())
                    .sum();
            var payload = ByteBuffer.allocate(buffer.position() + sliced);
            buffer.flip();
            for (var splice : splices) {
                payload.put(buffer.slice(buffer.position(), splice.position() - buffer.position()));
                buffer.position(splice.position());
                splice.slice().copyTo(payload, 0);
            }
            return payload.put(buffer).flip();
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            splices.forEach(splice -> splice.slice().close());
        }
    }
}
