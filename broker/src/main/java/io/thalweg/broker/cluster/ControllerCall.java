package io.thalweg.broker.cluster;

import io.thalweg.broker.peer.Peer;
import io.thalweg.broker.peer.PeerException;
import io.thalweg.coordinator.controller.ControllerException;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.EnvelopeResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to the controller, tried until a node decides it or its time is up. Owned by the controller's event loop.
 *
 * @param <R> its answer
 */
final class ControllerCall<R extends ResponseMessage> {

    private static final Logger log = LoggerFactory.getLogger(ControllerCall.class);

    /** How long an answer that came from another node waits for this node to have heard of what was decided. */
    private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ClusterControllerChannel channel;
    private final RequestMessage request;
    private final Class<R> type;
    private final long deadlineNanos;
    private final CompletableFuture<R> stage = new CompletableFuture<>();

    ControllerCall(ClusterControllerChannel channel, RequestMessage request, Class<R> type, long deadlineNanos) {
        this.channel = channel;
        this.request = request;
        this.type = type;
        this.deadlineNanos = deadlineNanos;
    }

    CompletionStage<R> stage() {
        return stage;
    }

    /** On the controller's event loop. */
    void begin() {
        run(this::attempt);
    }

    private void attempt() {
        if (channel.isClosed()) {
            fail(new ControllerException(ErrorCode.NOT_CONTROLLER, "this node has stopped"));
        } else if (channel.isLocal()) {
            channel.wiring().controller().submit(request, type).whenComplete(this::endedHere);
        } else {
            channel.leader().ifPresentOrElse(this::ask, this::askMember);
        }
    }

    private void askMember() {
        channel.askMember(Envelopes.toBytes(request))
                .ifPresentOrElse(this::await, () -> retry("its controller is not known"));
    }

    /** Not every way to a member ends when nobody answers any more. */
    private void await(CompletionStage<ByteBuffer> answer) {
        var timer = channel.wiring()
                .peers()
                .timers()
                .schedule(
                        deadlineNanos - channel.nowNanos(), () -> hop(() -> retry("the controller has not answered")));
        answer.whenComplete((bytes, failure) -> hop(() -> {
            timer.cancel();
            heard(bytes, failure);
        }));
    }

    private void heard(@Nullable ByteBuffer bytes, @Nullable Throwable failure) {
        if (bytes == null) {
            retry("the controller gave no answer: " + failure);
            return;
        }
        var error = ErrorCode.forCode(bytes.getShort()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (error == ErrorCode.NOT_CONTROLLER) {
            retry("the node that was asked is not the controller");
        } else if (error != ErrorCode.NONE) {
            fail(new ControllerException(error, "the controller did not decide the request: " + error));
        } else {
            var reply = type.cast(Envelopes.openAnswer(request.apiKey(), bytes));
            if (request.apiKey().isInternal()) {
                complete(reply);
            } else {
                completeCaughtUp(reply);
            }
        }
    }

    private void endedHere(@Nullable R reply, @Nullable Throwable failure) {
        if (reply != null) {
            channel.wiring().follower().caughtUp().whenComplete((nothing, unseen) -> stage.complete(reply));
        } else if (isNotController(failure)) {
            retry("this node is the controller no more");
        } else {
            fail(failure);
        }
    }

    private static boolean isNotController(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ControllerException refused && refused.error() == ErrorCode.NOT_CONTROLLER;
    }

    private void ask(Peer leader) {
        long leftNanos = deadlineNanos - channel.nowNanos();
        if (request.apiKey().isInternal()) {
            leader.call(request, request.apiKey().maxStableVersion(), type, leftNanos)
                    .whenComplete((reply, failure) -> answered(leader, reply, failure, this::complete));
        } else {
            var envelope = Envelopes.enclose(request);
            leader.send(envelope, envelope.apiKey().maxStableVersion(), EnvelopeResponse.class, leftNanos)
                    .thenApply(answer -> {
                        try (answer) {
                            return opened(answer.message());
                        }
                    })
                    .whenComplete((reply, failure) -> answered(leader, reply, failure, this::completeCaughtUp));
        }
    }

    private ResponseMessage opened(EnvelopeResponse envelope) {
        var bytes = envelope.responseData();
        return bytes == null ? envelope : Envelopes.openAnswer(request.apiKey(), bytes);
    }

    private void answered(Peer leader, @Nullable ResponseMessage reply, @Nullable Throwable failure, Consumer<R> end) {
        if (reply == null) {
            lost(leader, failure);
        } else if (ControllerErrors.isNotController(reply)) {
            retry(leader + " is not the controller");
        } else if (type.isInstance(reply)) {
            end.accept(type.cast(reply));
        } else {
            fail(ControllerErrors.toException((EnvelopeResponse) reply));
        }
    }

    private void lost(Peer leader, @Nullable Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof PeerException) {
            retry(leader + " gave no answer: " + cause.getMessage());
        } else {
            log.error("{} of the controller was not understood", request.apiKey(), failure);
            fail(failure);
        }
    }

    private void complete(R reply) {
        stage.complete(reply);
    }

    /** Answers once this node has heard of what was decided, which clients then find here; or when that takes too long. */
    private void completeCaughtUp(R reply) {
        var timer = channel.wiring().peers().timers().schedule(CATCH_UP_NANOS, () -> stage.complete(reply));
        channel.wiring()
                .controller()
                .barrier()
                .thenCompose(done -> channel.wiring().follower().caughtUp())
                .whenComplete((nothing, failure) -> {
                    timer.cancel();
                    stage.complete(reply);
                });
    }

    private void retry(String reason) {
        if (channel.nowNanos() + ClusterControllerChannel.RETRY_NANOS >= deadlineNanos) {
            fail(new ControllerException(
                    ErrorCode.REQUEST_TIMED_OUT, request.apiKey() + " was not decided in time: " + reason));
            return;
        }
        log.debug("{} is sent again: {}", request.apiKey(), reason);
        channel.wiring().peers().timers().schedule(ClusterControllerChannel.RETRY_NANOS, () -> hop(this::attempt));
    }

    private void hop(Runnable step) {
        try {
            channel.wiring().loop().execute(() -> run(step));
        } catch (RejectedExecutionException e) {
            fail(new ControllerException(ErrorCode.NOT_CONTROLLER, "this node has stopped"));
        }
    }

    /** Whoever asked waits for an end, so that what cannot be understood has to be one. */
    private void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            log.error("{} of the controller was not understood", request.apiKey(), e);
            fail(e);
        }
    }

    private void fail(@Nullable Throwable failure) {
        stage.completeExceptionally(
                failure == null ? new IllegalStateException("a request ended without an answer") : failure);
    }
}
