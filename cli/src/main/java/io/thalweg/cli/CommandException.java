package io.thalweg.cli;

import org.jspecify.annotations.Nullable;

/** A command that cannot go on: what happened, what to do about it, and the exit code that says so. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String advice;

    /** With the advice in one sentence, or empty if there is none to give. */
    CommandException(int exitCode, String message, String advice, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.advice = advice;
    }

    int exitCode() {
        return exitCode;
    }

    String advice() {
        return advice;
    }
}
