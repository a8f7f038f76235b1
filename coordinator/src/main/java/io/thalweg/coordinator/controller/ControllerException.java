package io.thalweg.coordinator.controller;

import io.thalweg.protocol.ErrorCode;

/** A request was not decided at all; whether it may be sent again, here or elsewhere, is what its error code says. */
public final class ControllerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    public ControllerException(ErrorCode error, String message) {
        super(message);
        this.error = error;
    }

    /** What every row of the reply shall carry. */
    public ErrorCode error() {
        return error;
    }
}
