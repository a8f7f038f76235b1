package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its reply.
 *
 * @param <R> the response of the request, or a supertype
 */
final class RequestWork<Q extends RequestMessage, R extends ResponseMessage> implements Work {

    private final Decider<Q, ?> decider;
    private final Q request;
    private final Class<R> replyType;
    private final CompletableFuture<R> stage = new CompletableFuture<>();
    private @Nullable R reply;

    RequestWork(Decider<Q, ?> decider, Q request, Class<R> replyType) {
        this.decider = decider;
        this.request = request;
        this.replyType = replyType;
    }

    CompletionStage<R> stage() {
        return stage;
    }

    @Override
    public List<Message> decide(MetadataImage image) {
        var decision = decider.decide(image, request);
        reply = replyType.cast(decision.reply());
        return decision.records();
    }

    @Override
    public void succeed() {
        stage.complete(Objects.requireNonNull(reply, "reply"));
    }

    @Override
    public void fail(ControllerException cause) {
        stage.completeExceptionally(cause);
    }
}
