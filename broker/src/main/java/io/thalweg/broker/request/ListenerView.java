package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * The cluster as clients see it that came through a listener of this name; immutable.
 *
 * @param brokerId this broker
 * @param listener clients hear of the brokers' endpoints of this name
 */
record ListenerView(MetadataImage image, int brokerId, String listener) {

    static ListenerView of(ClusterView cluster, Exchange exchange) {
        return new ListenerView(cluster.image(), cluster.brokerId(), exchange.listenerName());
    }

    /** A broker and how to reach it. */
    record Node(BrokerImage broker, BrokerEndpoint endpoint) {

        int id() {
            return broker.id();
        }
    }

    /** The brokers that can be reached, in the order of their ids. */
    List<Node> nodes() {
        return image.brokers().stream()
                .filter(broker -> !broker.fenced())
                .flatMap(broker -> node(broker).stream())
                .toList();
    }

    /** All brokers that have the listener, fenced ones too. */
    List<Node> registeredNodes() {
        return image.brokers().stream().flatMap(broker -> node(broker).stream()).toList();
    }

    /** The broker, if it can be reached. */
    Optional<Node> node(int id) {
        return image.broker(id).filter(broker -> !broker.fenced()).flatMap(this::node);
    }

    private Optional<Node> node(BrokerImage broker) {
        return broker.endpoint(listener).map(endpoint -> new Node(broker, endpoint));
    }

    boolean isReachable(int id) {
        return node(id).isPresent();
    }

    List<Integer> reachable(List<Integer> ids) {
        return ids.stream().filter(this::isReachable).toList();
    }

    List<Integer> unreachable(List<Integer> ids) {
        return ids.stream().filter(id -> !isReachable(id)).toList();
    }

    /** The partition's leader, or -1 if it cannot be reached. */
    int leaderOf(PartitionImage partition) {
        return isReachable(partition.leader()) ? partition.leader() : PartitionImage.NO_LEADER;
    }

    /** Why the partition's leader cannot be reached; NONE if it can. */
    ErrorCode leaderError(PartitionImage partition) {
        if (isReachable(partition.leader())) {
            return ErrorCode.NONE;
        }
        return image.broker(partition.leader()).isPresent()
                ? ErrorCode.LISTENER_NOT_FOUND
                : ErrorCode.LEADER_NOT_AVAILABLE;
    }

    /**
     * Whom to name as the controller: any broker passes on what is for the controller, so that it is this one where the controller
     * itself cannot be reached.
     */
    int controllerId(ClusterView cluster) {
        var id = cluster.controllerId().orElse(brokerId);
        return isReachable(id) ? id : brokerId;
    }
}
