package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;

/** Records are not known to be in the log. */
public final class GroupLogException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ErrorCode error;

    /** Notes what clients are told. */
    public GroupLogException(ErrorCode error, String message) {
        super(message);
        this.error = error;
    }

    /** What clients are told: to look the coordinator up again, or that it is not available yet. */
    public ErrorCode error() {
        return error;
    }
}
