package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import org.jspecify.annotations.Nullable;

/**
 * FindCoordinator, key 10, versions 0-6: a single node coordinates every group.
 *
 * <p>There are no transactions and no share groups; who looks for their coordinator hears an error that clients take as final.
 */
public final class FindCoordinatorHandler implements RequestHandler<FindCoordinatorRequest> {

    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    /** From this version on, a request names many keys. */
    private static final short BATCH_VERSION = 4;

    private final ClusterView cluster;

    public FindCoordinatorHandler(ClusterView cluster) {
        this.cluster = cluster;
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
        var answer = find(request.keyType(), ListenerView.of(cluster, exchange));
        exchange.reply(exchange.version() < BATCH_VERSION ? single(answer) : batch(request, answer));
    }

    private static Answer find(byte keyType, ListenerView view) {
        return switch (keyType) {
            case GROUP ->
                view.node(view.brokerId())
                        .map(node -> new Answer(ErrorCode.NONE, null, node))
                        .orElse(new Answer(ErrorCode.COORDINATOR_NOT_AVAILABLE, "the broker is starting", null));
            case TRANSACTION ->
                new Answer(ErrorCode.UNSUPPORTED_VERSION, "this broker does not support transactions", null);
            default ->
                new Answer(
                        ErrorCode.INVALID_REQUEST, "no coordinator of type " + keyType + ": expected 0, a group", null);
        };
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

    private static FindCoordinatorResponse batch(FindCoordinatorRequest request, Answer answer) {
        return FindCoordinatorResponse.builder()
                .coordinators(request.coordinatorKeys().stream()
                        .map(key -> FindCoordinatorResponse.Coordinator.builder()
                                .key(key)
                                .errorCode(answer.error().code())
                                .errorMessage(answer.message())
                                .nodeId(answer.nodeId())
                                .host(answer.host())
                                .port(answer.port())
                                .build())
                        .toList())
                .build();
    }
}
