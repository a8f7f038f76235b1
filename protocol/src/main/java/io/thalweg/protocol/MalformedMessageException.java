package io.thalweg.protocol;

/**
 * Bytes that are not the message they claim to be: the one error of decoding.
 *
 * <p>The text names the field, what was read and what was expected. It may quote numbers from the bytes, never their
 * content.
 */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A decode error with this text. */
    public MalformedMessageException(String message) {
        super(message);
    }
}
