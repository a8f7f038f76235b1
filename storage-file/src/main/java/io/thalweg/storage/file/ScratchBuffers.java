package io.thalweg.storage.file;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Direct buffers for reading files in passing; a bounded number is kept. Any thread. */
final class ScratchBuffers {

    static final int BUFFER_BYTES = 256 * 1024;
    private static final int KEPT = 16;

    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

    /** A buffer to give back with {@link #release}. */
    ByteBuffer lease() {
        var buffer = free.poll();
        return buffer != null ? buffer : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    void release(ByteBuffer buffer) {
        free.offer(buffer);
    }
}
