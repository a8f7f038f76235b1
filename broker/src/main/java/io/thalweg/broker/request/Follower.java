package io.thalweg.broker.request;

import io.thalweg.protocol.message.FetchRequest;

/**
 * The broker that a fetch comes from, if it comes from one.
 *
 * @param brokerId negative for a consumer
 * @param brokerEpoch of the life in which it fetches (KIP-903)
 */
record Follower(int brokerId, long brokerEpoch) {

    /** A consumer. */
    static final Follower NONE = new Follower(-1, -1);

    static Follower of(FetchRequest request) {
        var state = request.replicaState();
        if (state.replicaId() >= 0) {
            return new Follower(state.replicaId(), state.replicaEpoch());
        }
        return request.replicaId() >= 0 ? new Follower(request.replicaId(), -1) : NONE;
    }

    boolean isFollower() {
        return brokerId >= 0;
    }
}
