package io.thalweg.protocol.record;

/**
 * Bytes that are not what the record batch format says. The message tells what was found, where, and what was expected.
 *
 * <p>Brokers answer CORRUPT_MESSAGE or INVALID_RECORD; the bytes are never stored.
 */
public class CorruptRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates it with a message of the form "what happened, where, the values, what was expected". */
    public CorruptRecordException(String message) {
        super(message);
    }

    /** Creates it with the codec's own complaint as cause. */
    public CorruptRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
