package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.spi.transport.Endpoint;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The way to the broker that coordinates a group, found when it is needed and again once it was forgotten. Owned by the loop. */
final class CoordinatorLink {

    /** The last version that asks for one key. */
    private static final short ONE_COORDINATOR_VERSION = 3;

    /** The member is about to hear what it has missed, or a transaction to end. */
    private static final Set<ErrorCode> PASSING = EnumSet.of(
            ErrorCode.STALE_MEMBER_EPOCH,
            ErrorCode.ILLEGAL_GENERATION,
            ErrorCode.REBALANCE_IN_PROGRESS,
            ErrorCode.UNSTABLE_OFFSET_COMMIT);

    private final String groupId;
    private final MetadataCache metadata;
    private final Connections connections;
    private @Nullable Endpoint coordinator;

    CoordinatorLink(String groupId, MetadataCache metadata, Connections connections) {
        this.groupId = groupId;
        this.metadata = metadata;
        this.connections = connections;
    }

    String groupId() {
        return groupId;
    }

    /** Asks the coordinator once; never throws. */
    <T extends ResponseMessage> CompletableFuture<T> call(ApiKey api, Class<T> type, Request.Body body) {
        return asking(endpoint -> connections.call(endpoint, api, type, body));
    }

    /** Asks what is answered once others have asked too, this long at most. */
    <T extends ResponseMessage> CompletableFuture<T> await(
            ApiKey api, Class<T> type, Duration limit, Request.Body body) {
        return asking(endpoint -> connections.await(endpoint, this, api, type, limit, body));
    }

    private <T> CompletableFuture<T> asking(Function<Endpoint, CompletableFuture<T>> ask) {
        return coordinator().thenCompose(ask).whenComplete((answer, failure) -> {
            if (failure != null) {
                coordinator = null;
            }
        });
    }

    private CompletableFuture<Endpoint> coordinator() {
        var known = coordinator;
        try {
            return known == null ? find() : CompletableFuture.completedFuture(known);
        } catch (ClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Has the listener called when nothing will be asked any more; false if that is so already. */
    boolean whenClosed(Runnable listener) {
        if (connections.isClosed()) {
            return false;
        }
        connections.whenClosed(listener);
        return true;
    }

    void forget(Runnable listener) {
        connections.forget(listener);
    }

    /** Closes the connection that is the member's own. */
    void close() {
        connections.closeThoseOf(this);
    }

    private CompletableFuture<Endpoint> find() {
        return connections
                .call(
                        metadata.anyBroker(),
                        ApiKey.FIND_COORDINATOR,
                        FindCoordinatorResponse.class,
                        ONE_COORDINATOR_VERSION,
                        version -> FindCoordinatorRequest.builder().key(groupId).build())
                .thenApply(answer -> {
                    if (answer.errorCode() != ErrorCode.NONE.code()) {
                        throw ClientException.answered("coordinator of group " + groupId, answer.errorCode(), null);
                    }
                    var found = new Endpoint(answer.host(), answer.port());
                    coordinator = found;
                    return found;
                });
    }

    /** What the coordinator answered; one that is not it any more is forgotten. */
    ErrorCode heard(short errorCode) {
        var code = ErrorCode.forCode(errorCode).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (code == ErrorCode.NOT_COORDINATOR || code == ErrorCode.COORDINATOR_NOT_AVAILABLE) {
            coordinator = null;
        }
        return code;
    }

    void expectNone(String what, short errorCode) {
        var code = heard(errorCode);
        if (PASSING.contains(code)) {
            throw ClientException.passing(code, what + ": " + code.message());
        }
        if (code != ErrorCode.NONE) {
            throw ClientException.answered(what, code, null);
        }
    }
}
