package io.thalweg.coordinator.controller;

import io.thalweg.protocol.ErrorCode;

/** Ends the decision about one row of a request; the decider turns it into that row of the reply. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    RefusedException(ErrorCode error, String message) {
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
