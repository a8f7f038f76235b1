package io.thalweg.coordinator.record;

/** A record of the metadata log that cannot be understood: damage, or a newer version wrote it. Nothing after it can be used. */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }

    UnreadableRecordException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
