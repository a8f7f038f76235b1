package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request and what happens with its answer.
 *
 * @param maxVersion the highest version that can carry what the caller has to say, as an API version
 * @param body gives the message in the version that was agreed on
 * @param timeoutNanos how long the broker may take
 * @param written hears that a request without answer was handed to the transport; null for every other request
 * @param replied hears the answer, on the client's thread
 * @param failed hears that there will be none, on the client's thread; one of the three is called once
 */
record Request<T extends ResponseMessage>(
        ApiKey api,
        Class<T> type,
        short maxVersion,
        Body body,
        long timeoutNanos,
        @Nullable Runnable written,
        Consumer<Reply<T>> replied,
        Consumer<ClientException> failed) {

    boolean expectsReply() {
        return written == null;
    }

    /** Gives the message for a version. */
    @FunctionalInterface
    interface Body {
        RequestMessage at(short version);
    }
}
