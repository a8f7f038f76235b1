package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.group.OffsetsTopic;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * FindCoordinator, key 10, versions 0-6: the leader of a group's partition of {@code __consumer_offsets} coordinates the group.
 *
 * <p>There are no transactions and no share groups; who looks for their coordinator hears an error that clients take as final.
 */
public final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequest> {

    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    /** From this version on, a request names many keys. */
    private static final short BATCH_VERSION = 4;

    private final ClusterView cluster;
    private final GroupCoordinators coordinators;

    public FindCoordinatorHandler(ClusterView cluster, GroupCoordinators coordinators) {
        this.cluster = cluster;
        this.coordinators = coordinators;
    }

    /** Where a coordinator is, or why it cannot be told; the node is null on error. */
    private record Answer(ErrorCode error, @Nullable String message, ListenerView.@Nullable Node node) {

        int nodeId() {
            return node == null ? -1 : node.id();
        }

        String host() {
            return node == null ? "" : node.endpoint().host();
        }

        int port() {
            return node == null ? -1 : node.endpoint().port();
        }
    }

    @Override
    public void handle(FindCoordinatorRequest request, Exchange exchange) {
        if (exchange.version() < BATCH_VERSION) {
            exchange.replyWhen(
                    find(request.keyType(), request.key(), exchange).thenApply(FindCoordinatorHandler::single));
            return;
        }
        var answers = request.coordinatorKeys().stream()
                .map(key -> find(request.keyType(), key, exchange).thenApply(answer -> row(key, answer)))
                .toList();
        exchange.replyWhen(Stages.all(answers)
                .thenApply(rows ->
                        FindCoordinatorResponse.builder().coordinators(rows).build()));
    }

    private CompletionStage<Answer> find(byte keyType, String key, Exchange exchange) {
        return switch (keyType) {
            case GROUP ->
                coordinators.indexOf(key).thenApply(index -> leader(index, ListenerView.of(cluster, exchange)));
            case TRANSACTION -> refused(ErrorCode.UNSUPPORTED_VERSION, "this broker does not support transactions");
            default ->
                refused(ErrorCode.INVALID_REQUEST, "no coordinator of type " + keyType + ": expected 0, a group");
        };
    }

    private static CompletionStage<Answer> refused(ErrorCode error, String message) {
        return CompletableFuture.completedFuture(new Answer(error, message, null));
    }

    private static Answer leader(Optional<Integer> index, ListenerView view) {
        return index.flatMap(
                        partition -> view.image().topic(OffsetsTopic.NAME).flatMap(topic -> topic.partition(partition)))
                .flatMap(partition -> view.node(partition.leader()))
                .map(node -> new Answer(ErrorCode.NONE, null, node))
                .orElse(new Answer(
                        ErrorCode.COORDINATOR_NOT_AVAILABLE, "the group's partition has no leader yet", null));
    }

    private static FindCoordinatorResponse single(Answer answer) {
        return FindCoordinatorResponse.builder()
                .errorCode(answer.error().code())
                .errorMessage(answer.message())
                .nodeId(answer.nodeId())
                .host(answer.host())
                .port(answer.port())
                .build();
    }

    private static FindCoordinatorResponse.Coordinator row(String key, Answer answer) {
        return FindCoordinatorResponse.Coordinator.builder()
                .key(key)
                .errorCode(answer.error().code())
                .errorMessage(answer.message())
                .nodeId(answer.nodeId())
                .host(answer.host())
                .port(answer.port())
                .build();
    }
}
