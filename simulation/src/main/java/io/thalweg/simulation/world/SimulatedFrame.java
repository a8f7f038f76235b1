package io.thalweg.simulation.world;

import io.thalweg.spi.transport.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A frame that arrived. Once it is closed its bytes are nonsense, as those of memory that is used again. Owned by the scheduler. */
final class SimulatedFrame implements Frame {

    private final ByteBuffer bytes;
    private boolean isClosed;

    SimulatedFrame(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public ByteBuffer bytes() {
        if (isClosed) {
            throw new IllegalStateException("frame is closed");
        }
        return bytes;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            var from = bytes.arrayOffset();
            Arrays.fill(bytes.array(), from, from + bytes.capacity(), (byte) 0xDB);
        }
    }
}
