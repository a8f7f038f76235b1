package io.thalweg.broker.request;

import io.thalweg.broker.cluster.Envelopes;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.ResponseMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers what other servers ask the controller on the ways of the metadata quorum: decided here or, where another node leads, refused
 * with NOT_CONTROLLER; never passed on. Any thread.
 *
 * <p>A question is a request with its header; an answer is an error code (2 bytes) and, if that is NONE, a response with its header.
 */
public final class ControllerAnswers implements Function<ByteBuffer, CompletionStage<ByteBuffer>> {

    private final Controller controller;

    public ControllerAnswers(Controller controller) {
        this.controller = controller;
    }

    @Override
    public CompletionStage<ByteBuffer> apply(ByteBuffer question) {
        Envelopes.Enclosed enclosed;
        try {
            enclosed = Envelopes.open(copyOf(question));
        } catch (MalformedMessageException e) {
            return CompletableFuture.completedFuture(refused(ErrorCode.INVALID_REQUEST));
        }
        var api = enclosed.request().apiKey();
        return controller
                .submit(enclosed.request(), ResponseMessage.class)
                .thenApply(reply -> answer(Envelopes.enclose(api, reply, enclosed.version())))
                .exceptionally(failure -> refused(ControllerFailures.codeOf(failure)));
    }

    /** Whoever called may take back what it has given when this returns. */
    private static ByteBuffer copyOf(ByteBuffer question) {
        return ByteBuffer.allocate(question.remaining())
                .put(question.duplicate())
                .flip();
    }

    private static ByteBuffer answer(ByteBuffer response) {
        return ByteBuffer.allocate(Short.BYTES + response.remaining())
                .putShort(ErrorCode.NONE.code())
                .put(response)
                .flip();
    }

    private static ByteBuffer refused(ErrorCode error) {
        return ByteBuffer.allocate(Short.BYTES).putShort(error.code()).flip();
    }
}
