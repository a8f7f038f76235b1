package io.thalweg.spi.transport;

import org.jspecify.annotations.Nullable;

/**
 * Hears what happens on a connection.
 *
 * <p><b>Threads.</b> Called on the connection's event loop only; must not block.
 *
 * <p><b>Errors.</b> A handler that throws closes its connection.
 */
public interface ConnectionHandler {

    /** A whole frame arrived; it is given. */
    void received(Frame frame);

    /** The connection became writable or ceased to be. */
    void writabilityChanged(boolean writable);

    /** The last call; the cause is null when either side closed in an orderly way. */
    void closed(@Nullable Throwable cause);
}
