package io.thalweg.spi.transport;

import org.jspecify.annotations.Nullable;

/** A connection or listener that could not be had, or was lost; the message names the endpoint. */
public final class TransportException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
