package io.thalweg.client;

import io.thalweg.protocol.ErrorCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Something that was asked of a cluster and did not come to pass; the message says what, where and why. */
public final class ClientException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean isRetriable;

    ClientException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, code.isRetriable(), message, cause);
    }

    private ClientException(ErrorCode code, boolean isRetriable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.isRetriable = isRetriable;
    }

    /** What passes by itself although Kafka's list says otherwise. */
    static ClientException passing(ErrorCode code, String message) {
        return new ClientException(code, true, message, null);
    }

    /** A topic that a broker, which knows all of them, does not know. */
    static ClientException noTopic(String topic) {
        return new ClientException(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, false, "topic " + topic + " does not exist", null);
    }

    /** What a broker answered. */
    static ClientException answered(String what, ErrorCode code, @Nullable String brokersWords) {
        var reason = brokersWords == null || brokersWords.isBlank() ? code.message() : brokersWords;
        return new ClientException(code, what + ": " + reason + " (" + code + ")", null);
    }

    static ClientException answered(String what, short code, @Nullable String brokersWords) {
        return answered(what, ErrorCode.forCode(code).orElse(ErrorCode.UNKNOWN_SERVER_ERROR), brokersWords);
    }

    /** A connection that could not be had, was lost, or kept silent. */
    static ClientException disconnected(String message, @Nullable Throwable cause) {
        return new ClientException(ErrorCode.NETWORK_EXCEPTION, message, cause);
    }

    /** What comes too late: nothing can be asked of the cluster any more. */
    static ClientException closed() {
        return new ClientException(
                ErrorCode.NETWORK_EXCEPTION, false, "the client is closed, or the transport that it was lent", null);
    }

    static ClientException timedOut(String message, @Nullable Throwable cause) {
        return new ClientException(ErrorCode.REQUEST_TIMED_OUT, message, cause);
    }

    /** Finds or makes the exception of this type behind what a stage failed with. */
    static ClientException from(Throwable failure) {
        var inner = unwrapped(failure);
        return inner instanceof ClientException known
                ? known
                : new ClientException(ErrorCode.UNKNOWN_SERVER_ERROR, String.valueOf(inner.getMessage()), inner);
    }

    /** What a stage failed with, without what stages wrap it in. */
    static Throwable unwrapped(Throwable failure) {
        var inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** Kafka's code of the error; NETWORK_EXCEPTION and REQUEST_TIMED_OUT also stand for what happens on this side. */
    public ErrorCode code() {
        return code;
    }

    /** Whether the same may succeed when tried again; the client has done so for as long as it was allowed. */
    public boolean isRetriable() {
        return isRetriable;
    }
}
