package io.thalweg.spi.transport;

import org.jspecify.annotations.Nullable;

/**
 * Hears what happens on a connection.
 *
 * <p><b>Threads.</b> Called on the connection's event loop only (HANDLER-1), never from within a call to its connection
 * (HANDLER-2); must not block.
 *
 * <p><b>Errors.</b> A handler that throws closes its connection and no other (HANDLER-3), and gives up the frame it was called with:
 * the transport closes that frame, so it must not have been passed on.
 */
public interface ConnectionHandler {

    /** A whole frame arrived; it is given. */
    void received(Frame frame);

    /** The connection became writable or ceased to be. */
    void writabilityChanged(boolean writable);

    /** The last call, made once (HANDLER-4); the cause is null when either side closed in an orderly way. */
    void closed(@Nullable Throwable cause);
}
