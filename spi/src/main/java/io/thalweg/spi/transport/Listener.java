package io.thalweg.spi.transport;

/**
 * A bound endpoint.
 *
 * <p><b>Close.</b> Idempotent, waits until no further connection is accepted (LISTENER-1); connections already accepted live on
 * (LISTENER-2).
 */
public interface Listener extends AutoCloseable {

    /** Where it really listens; its port is never 0. */
    Endpoint endpoint();

    /** How many accepted connections are open. */
    int connectionCount();

    /** How many connections the limits have refused so far (LISTENER-3). */
    long refusedCount();

    @Override
    void close();
}
