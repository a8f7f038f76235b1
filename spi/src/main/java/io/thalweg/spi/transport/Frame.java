package io.thalweg.spi.transport;

import java.nio.ByteBuffer;

/**
 * A frame that arrived, in memory of the transport.
 *
 * <p><b>Threads.</b> Handed from thread to thread; one at a time.
 *
 * <p><b>Ownership.</b> Given; its receiver closes it, from any thread. Until then its bytes count against the limits of
 * its connection (FRAME-1), and stay even if that is closed (FRAME-3). Views of {@code bytes} must not be touched afterwards.
 */
public interface Frame extends AutoCloseable {

    /** The payload from position to limit, without the length; big-endian; the same buffer on every call. */
    ByteBuffer bytes();

    /** Gives the memory back; idempotent (FRAME-2). */
    @Override
    void close();
}
