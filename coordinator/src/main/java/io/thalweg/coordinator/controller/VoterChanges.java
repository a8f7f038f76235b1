package io.thalweg.coordinator.controller;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.AddRaftVoterRequest;
import io.thalweg.protocol.message.AddRaftVoterResponse;
import io.thalweg.protocol.message.RemoveRaftVoterRequest;
import io.thalweg.protocol.message.RemoveRaftVoterResponse;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.coordination.ReconfigurableLog;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Endpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of who votes, once they were found to be in order: they are the metadata log's own, and stand in no record. Owned by the
 * controller's event loop.
 */
final class VoterChanges {

    private static final Logger LOG = LoggerFactory.getLogger(VoterChanges.class);

    private final MetadataLog log;
    private final EventLoop loop;

    VoterChanges(MetadataLog log, EventLoop loop) {
        this.log = log;
        this.loop = loop;
    }

    /** Completes with the answer to the request, which is what was decided unless that has to be done first and fails. */
    <R extends ResponseMessage> CompletionStage<R> carryOut(RequestMessage request, R decided, Class<R> replyType) {
        if (request instanceof AddRaftVoterRequest add
                && decided instanceof AddRaftVoterResponse reply
                && reply.errorCode() == ErrorCode.NONE.code()) {
            return add(add).thenApply(replyType::cast);
        }
        if (request instanceof RemoveRaftVoterRequest remove
                && decided instanceof RemoveRaftVoterResponse reply
                && reply.errorCode() == ErrorCode.NONE.code()) {
            return remove(remove).thenApply(replyType::cast);
        }
        return CompletableFuture.completedFuture(decided);
    }

    private CompletionStage<AddRaftVoterResponse> add(AddRaftVoterRequest request) {
        var listener = request.listeners().get(0);
        var voter = new QuorumVoter(request.voterId(), new Endpoint(listener.host(), listener.port()));
        if (!(log instanceof ReconfigurableLog quorum)) {
            return CompletableFuture.completedFuture(answerToAdd(ErrorCode.UNSUPPORTED_VERSION, unchangeable()));
        }
        LOG.info("{} is to vote on metadata", voter);
        return quorum.addVoter(voter)
                .handleAsync(
                        (done, failure) -> answerToAdd(codeOf(failure, ErrorCode.DUPLICATE_VOTER), textOf(failure)),
                        loop);
    }

    private CompletionStage<RemoveRaftVoterResponse> remove(RemoveRaftVoterRequest request) {
        if (!(log instanceof ReconfigurableLog quorum)) {
            return CompletableFuture.completedFuture(answerToRemoval(ErrorCode.UNSUPPORTED_VERSION, unchangeable()));
        }
        LOG.info("node {} is to vote on metadata no more", request.voterId());
        return quorum.removeVoter(request.voterId())
                .handleAsync(
                        (done, failure) -> answerToRemoval(codeOf(failure, ErrorCode.VOTER_NOT_FOUND), textOf(failure)),
                        loop);
    }

    private static String unchangeable() {
        return "who votes on metadata cannot be changed here: expected a quorum of servers";
    }

    private static AddRaftVoterResponse answerToAdd(ErrorCode error, @Nullable String message) {
        return AddRaftVoterResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }

    private static RemoveRaftVoterResponse answerToRemoval(ErrorCode error, @Nullable String message) {
        return RemoveRaftVoterResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .build();
    }

    /**
     * Whoever leads no more is the wrong one to ask; everything else is in doubt, and says so as Kafka does.
     *
     * @param needless where another request, decided before this was carried out, has left nothing to do
     */
    private static ErrorCode codeOf(@Nullable Throwable failure, ErrorCode needless) {
        if (failure == null) {
            return ErrorCode.NONE;
        }
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof NotLeaderException) {
            throw new ControllerException(ErrorCode.NOT_CONTROLLER, "this node is not the controller");
        }
        if (cause instanceof IllegalArgumentException) {
            return needless;
        }
        LOG.warn("who votes on metadata may not have changed", cause);
        return ErrorCode.REQUEST_TIMED_OUT;
    }

    private static @Nullable String textOf(@Nullable Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause == null ? null : cause.getMessage();
    }
}
