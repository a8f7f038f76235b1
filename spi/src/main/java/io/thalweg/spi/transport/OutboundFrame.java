package io.thalweg.spi.transport;

import io.thalweg.spi.storage.LogSlice;
import java.nio.ByteBuffer;

/**
 * A frame to send: a buffer of the transport, into which slices of logs are spliced without a copy.
 *
 * <p><b>Threads.</b> The event loop of its connection.
 *
 * <p><b>Ownership.</b> A spliced slice is given to the frame, which closes it once it is sent or dropped (OUTBOUND-1).
 */
public interface OutboundFrame extends AutoCloseable {

    /** Where the payload is written, from position 0; what lies below its position at {@code send} is sent. */
    ByteBuffer buffer();

    /** Puts the bytes of the slice between what was written so far and what will be written next (OUTBOUND-2). */
    void splice(LogSlice slice);

    /** Drops a frame that was not sent; idempotent. */
    @Override
    void close();
}
