package io.thalweg.broker.request;

import io.thalweg.protocol.ErrorCode;

/** Compares the leader epoch that a client knows with the one it meets (KIP-320). */
final class LeaderEpochs {

    private LeaderEpochs() {}

    /** NONE if they agree or the client, with -1, does not say. */
    static ErrorCode check(int known, int current) {
        if (known < 0 || known == current) {
            return ErrorCode.NONE;
        }
        return known < current ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }
}
