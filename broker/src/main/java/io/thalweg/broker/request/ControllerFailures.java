package io.thalweg.broker.request;

import io.thalweg.coordinator.controller.ControllerException;
import io.thalweg.protocol.ErrorCode;
import java.util.concurrent.CompletionException;

/** What a client is told when the controller did not decide its request at all. */
final class ControllerFailures {

    private ControllerFailures() {}

    /** The code for every row of the answer; anything but a {@link ControllerException} is a fault of ours. */
    static ErrorCode codeOf(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ControllerException refused ? refused.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    /** Why, as a sentence. */
    static String messageOf(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ControllerException
                ? String.valueOf(cause.getMessage())
                : "the controller could not decide the request";
    }
}
