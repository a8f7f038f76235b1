package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AddRaftVoterRequest;
import io.thalweg.protocol.message.AddRaftVoterResponse;
import io.thalweg.spi.coordination.QuorumState;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * AddRaftVoter, key 80, versions 0-1: whether a node may be added to those that vote on metadata; {@link VoterChanges} then does it. Voters
 * are known by their node ids alone, so that the id of its directory counts for nothing.
 */
final class AddRaftVoterDecider implements Decider<AddRaftVoterRequest, AddRaftVoterResponse> {

    private final Supplier<QuorumState> quorum;

    AddRaftVoterDecider(Supplier<QuorumState> quorum) {
        this.quorum = quorum;
    }

    @Override
    public Decision<AddRaftVoterResponse> decide(MetadataImage image, AddRaftVoterRequest request) {
        var voters = quorum.get().voters().stream().map(QuorumState.Member::id).toList();
        var problem = RequestedCluster.problem(request.clusterId(), image);
        if (problem.isPresent()) {
            return answer(ErrorCode.INCONSISTENT_CLUSTER_ID, problem.get());
        }
        if (voters.contains(request.voterId())) {
            return answer(
                    ErrorCode.DUPLICATE_VOTER,
                    "node " + request.voterId() + " is one of the voters " + voters + " already");
        }
        if (request.listeners().isEmpty() || !canBeReached(request.listeners().get(0))) {
            return answer(
                    ErrorCode.INVALID_REQUEST,
                    "node " + request.voterId() + " with listeners " + request.listeners()
                            + ": expected the one by which the voters reach it, with its host and port");
        }
        return answer(ErrorCode.NONE, null);
    }

    private static boolean canBeReached(AddRaftVoterRequest.Listener listener) {
        return !listener.host().isEmpty() && listener.port() > 0;
    }

    private static Decision<AddRaftVoterResponse> answer(ErrorCode error, @Nullable String message) {
        return new Decision<>(
                List.of(),
                AddRaftVoterResponse.builder()
                        .errorCode(error.code())
                        .errorMessage(message)
                        .build());
    }
}
