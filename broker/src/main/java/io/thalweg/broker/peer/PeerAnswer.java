package io.thalweg.broker.peer;

import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.transport.Frame;

/**
 * An answer where the transport has it: record batches and other bytes of the message lie in the frame.
 *
 * <p><b>Ownership.</b> Given; its receiver closes it once it needs none of those bytes, from any thread. Idempotent.
 */
public record PeerAnswer<R extends ResponseMessage>(R message, Frame frame) implements AutoCloseable {

    @Override
    public void close() {
        frame.close();
    }
}
