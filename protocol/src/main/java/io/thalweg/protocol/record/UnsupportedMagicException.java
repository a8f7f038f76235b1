package io.thalweg.protocol.record;

/**
 * A message set of format 0 or 1, which Kafka wrote before 0.11: recognized, but neither read nor converted.
 *
 * <p>Brokers answer UNSUPPORTED_FOR_MESSAGE_FORMAT.
 */
public final class UnsupportedMagicException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final byte magic;

    UnsupportedMagicException(byte magic, int position) {
        super("message set of magic " + magic + " at position " + position + "; expected magic " + RecordBatch.MAGIC);
        this.magic = magic;
    }

    /** The format found, 0 or 1. */
    public byte magic() {
        return magic;
    }
}
