package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;

/** Ends the decision about one request of a group's member; it becomes the error of the answer. */
final class GroupRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    GroupRefusedException(ErrorCode error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    ErrorCode error() {
        return error;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
