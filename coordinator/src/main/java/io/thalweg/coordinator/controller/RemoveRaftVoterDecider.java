package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.RemoveRaftVoterRequest;
import io.thalweg.protocol.message.RemoveRaftVoterResponse;
import io.thalweg.spi.coordination.QuorumState;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * RemoveRaftVoter, key 81, version 0: whether a node may be taken from those that vote on metadata; {@link VoterChanges} then does it. The
 * last one stays.
 */
final class RemoveRaftVoterDecider implements Decider<RemoveRaftVoterRequest, RemoveRaftVoterResponse> {

    private final Supplier<QuorumState> quorum;

    RemoveRaftVoterDecider(Supplier<QuorumState> quorum) {
        this.quorum = quorum;
    }

    @Override
    public Decision<RemoveRaftVoterResponse> decide(MetadataImage image, RemoveRaftVoterRequest request) {
        var voters = quorum.get().voters().stream().map(QuorumState.Member::id).toList();
        var problem = RequestedCluster.problem(request.clusterId(), image);
        if (problem.isPresent()) {
            return answer(ErrorCode.INCONSISTENT_CLUSTER_ID, problem.get());
        }
        if (!voters.contains(request.voterId()) || voters.size() == 1) {
            return answer(
                    ErrorCode.VOTER_NOT_FOUND,
                    "node " + request.voterId() + " cannot be taken from the voters " + voters
                            + ": expected one of several");
        }
        return answer(ErrorCode.NONE, null);
    }

    private static Decision<RemoveRaftVoterResponse> answer(ErrorCode error, @Nullable String message) {
        return new Decision<>(
                List.of(),
                RemoveRaftVoterResponse.builder()
                        .errorCode(error.code())
                        .errorMessage(message)
                        .build());
    }
}
