package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.DescribeClusterResponse;
import java.util.List;

/** DescribeCluster, key 60, versions 0-2: the brokers and their controller. */
public final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequest> {

    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final ClusterView cluster;

    public DescribeClusterHandler(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public void handle(DescribeClusterRequest request, Exchange exchange) {
        exchange.reply(
                switch (request.endpointType()) {
                    case BROKERS -> describe(request, ListenerView.of(cluster, exchange));
                    case CONTROLLERS ->
                        refused(ErrorCode.MISMATCHED_ENDPOINT_TYPE, "this endpoint is a broker's, not a controller's");
                    default ->
                        refused(
                                ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
                                "no endpoint has type " + request.endpointType() + ": expected 1, a broker's");
                });
    }

    private DescribeClusterResponse describe(DescribeClusterRequest request, ListenerView view) {
        var nodes = request.includeFencedBrokers() ? view.registeredNodes() : view.nodes();
        var clusterId = view.image().cluster().id();
        return DescribeClusterResponse.builder()
                .clusterId(clusterId == null ? "" : clusterId)
                .controllerId(view.controllerId(cluster))
                .brokers(brokers(nodes))
                .clusterAuthorizedOperations(
                        request.includeClusterAuthorizedOperations()
                                ? AuthorizedOperations.CLUSTER
                                : AuthorizedOperations.NOT_ASKED)
                .build();
    }

    private static List<DescribeClusterResponse.Broker> brokers(List<ListenerView.Node> nodes) {
        return nodes.stream()
                .map(node -> DescribeClusterResponse.Broker.builder()
                        .brokerId(node.id())
                        .host(node.endpoint().host())
                        .port(node.endpoint().port())
                        .rack(node.broker().rack())
                        .isFenced(node.broker().fenced())
                        .build())
                .toList();
    }

    private static DescribeClusterResponse refused(ErrorCode error, String message) {
        return DescribeClusterResponse.builder()
                .errorCode(error.code())
                .errorMessage(message)
                .clusterId("")
                .build();
    }
}
