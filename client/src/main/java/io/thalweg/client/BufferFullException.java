package io.thalweg.client;

/** A record that would have to wait for memory, from somebody who must or will not wait. */
final class BufferFullException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    BufferFullException(String message) {
        super(message);
    }
}
