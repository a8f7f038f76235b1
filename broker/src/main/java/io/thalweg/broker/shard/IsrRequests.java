package io.thalweg.broker.shard;

import io.thalweg.broker.replication.IsrChange;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.LogId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way to have the controller change ISRs. Called on the shard; the stage fails when it is not known what became. */
public interface IsrRequests {

    /** Nobody decides; for brokers that are a cluster by themselves. */
    IsrRequests NONE =
            (partition, leaderEpoch, change) -> CompletableFuture.completedFuture(ErrorCode.OPERATION_NOT_ATTEMPTED);

    /** Tells NONE if the controller has made the change, of which the leader then hears as of every other one; else why not. */
    CompletionStage<ErrorCode> request(LogId partition, int leaderEpoch, IsrChange change);
}
