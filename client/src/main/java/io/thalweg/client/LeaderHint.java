package io.thalweg.client;

import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Optional;

/** Whom a broker that does not lead a partition has named as its leader (KIP-951). */
record LeaderHint(int leaderId, int leaderEpoch, Endpoint endpoint) {

    LeaderHint newer(LeaderHint other) {
        return other.leaderEpoch > leaderEpoch ? other : this;
    }

    /** What is told among these nodes; empty if it is nothing. */
    static Optional<LeaderHint> of(ProduceResponse.CurrentLeader told, List<ProduceResponse.NodeEndpoint> nodes) {
        return nodes.stream()
                .filter(node -> node.nodeId() == told.leaderId())
                .findFirst()
                .map(node -> new LeaderHint(node.nodeId(), told.leaderEpoch(), new Endpoint(node.host(), node.port())));
    }

    /** The same in answers to fetches. */
    static Optional<LeaderHint> of(FetchResponse.CurrentLeader told, List<FetchResponse.NodeEndpoint> nodes) {
        return nodes.stream()
                .filter(node -> node.nodeId() == told.leaderId())
                .findFirst()
                .map(node -> new LeaderHint(node.nodeId(), told.leaderEpoch(), new Endpoint(node.host(), node.port())));
    }
}
