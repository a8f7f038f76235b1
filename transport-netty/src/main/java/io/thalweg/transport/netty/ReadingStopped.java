package io.thalweg.transport.netty;

/**
 * Thrown out of the choice of a buffer to keep a channel from reading just then: Netty ends its read and goes on, while it would
 * take an empty buffer that stays empty for the end of the stream.
 */
final class ReadingStopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReadingStopped() {
        super("reading is stopped", null, false, false);
    }
}
