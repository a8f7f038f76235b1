package io.thalweg.broker.shard;

import io.thalweg.broker.replication.IsrChange;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.LogId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way to have the controller change ISRs. Called on the shard; the stage fails when it is not known what became. */
public interface IsrRequests {

    /** Nobody decides; for brokers that are a cluster by themselves. */
    IsrRequests NONE = (partition, leaderEpoch, change) ->
            CompletableFuture.completedFuture(new Decision(ErrorCode.OPERATION_NOT_ATTEMPTED, List.of(), -1));

    /**
     * What the controller decided.
     *
     * @param error NONE if the ISR is as it was asked for
     * @param inSync the ISR now; empty on error
     */
    record Decision(ErrorCode error, List<Integer> inSync, int partitionEpoch) {

        public Decision {
            inSync = List.copyOf(inSync);
        }
    }

    CompletionStage<Decision> request(LogId partition, int leaderEpoch, IsrChange change);
}
