package io.thalweg.broker.request;

import io.thalweg.protocol.message.FetchRequest;

/**
 * Who fetches.
 *
 * @param brokerId of a follower; negative for a consumer
 * @param brokerEpoch of the life in which it fetches (KIP-903)
 * @param readsCommitted whether it is a consumer that wants nothing of open transactions, and to be told of aborted ones
 */
record Reader(int brokerId, long brokerEpoch, boolean readsCommitted) {

    private static final byte READ_COMMITTED = 1;

    static Reader of(FetchRequest request) {
        var state = request.replicaState();
        if (state.replicaId() >= 0) {
            return new Reader(state.replicaId(), state.replicaEpoch(), false);
        }
        return request.replicaId() >= 0
                ? new Reader(request.replicaId(), -1, false)
                : new Reader(-1, -1, request.isolationLevel() == READ_COMMITTED);
    }

    boolean isFollower() {
        return brokerId >= 0;
    }
}
