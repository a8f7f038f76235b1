package io.thalweg.memory.network;

import io.thalweg.spi.transport.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** A frame as its receiver holds it: the very buffer that the sender wrote. Closing is for any thread. */
final class InProcessFrame implements Frame {

    private final ByteBuffer bytes;
    private final int sizeInBytes;
    private final NetworkConnection connection;
    private final AtomicBoolean closed = new AtomicBoolean();

    InProcessFrame(ByteBuffer bytes, NetworkConnection connection) {
        this.bytes = bytes;
        this.sizeInBytes = bytes.remaining();
        this.connection = connection;
    }

    @Override
    public ByteBuffer bytes() {
        if (closed.get()) {
            throw new IllegalStateException("frame from " + connection.remote() + " is closed");
        }
        return bytes;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            assert scramble();
            connection.gaveBack(sizeInBytes);
        }
    }

    /** Where assertions are on, whoever still reads a closed frame reads nonsense, as with memory that is used again. */
    private boolean scramble() {
        var from = bytes.arrayOffset();
        Arrays.fill(bytes.array(), from, from + bytes.capacity(), (byte) 0xDB);
        return true;
    }
}
