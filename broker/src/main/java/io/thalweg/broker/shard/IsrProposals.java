package io.thalweg.broker.shard;

import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.replication.IsrChange;
import io.thalweg.protocol.ErrorCode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the leaders of a shard ask the controller for: that others are in sync, or no more. Owned by the shard. */
final class IsrProposals {

    private static final Logger log = LoggerFactory.getLogger(IsrProposals.class);

    /** How long a replica that the controller would not have in sync is not proposed again. */
    private static final long REFUSED_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Shard shard;
    private final IsrRequests requests;
    private final long lagNanos;

    /**
     * Proposals of a shard's leaders.
     *
     * @param lagNanos who has not caught up for so long is in sync no more
     */
    IsrProposals(Shard shard, IsrRequests requests, long lagNanos) {
        this.shard = shard;
        this.requests = requests;
        this.lagNanos = lagNanos;
    }

    /** Asks for the change that the leader finds due, if any. */
    void propose(LeaderPartition leader) {
        leader.proposeIsr(lagNanos).ifPresent(change -> {
            log.info("{} asks for ISR {}", leader, change.brokerIds());
            requests.request(leader.state().published().id(), leader.leaderEpoch(), change)
                    .whenComplete(
                            (decision, failure) -> shard.execute(() -> decided(leader, change, decision, failure)));
        });
    }

    private static void decided(
            LeaderPartition leader, IsrChange change, @Nullable ErrorCode decision, @Nullable Throwable failure) {
        if (decision == null) {
            log.debug("{} does not know what became of {}", leader, change, failure);
            leader.isrUndecided(change);
            return;
        }
        switch (decision) {
            case INELIGIBLE_REPLICA, OPERATION_NOT_ATTEMPTED -> leader.isrRefused(change, REFUSED_REST_NANOS);
            // With the image and not before it, so that min.insync.replicas, if it was raised meanwhile, is in force by
            // then.
            case NONE -> log.debug("{} will hear of {}", leader, change);
            // The controller knows more than this leader, which will hear of it.
            case FENCED_LEADER_EPOCH, INVALID_UPDATE_VERSION, NEW_LEADER_ELECTED, NOT_LEADER_OR_FOLLOWER ->
                log.debug("{} did not get {}: {}", leader, change, decision);
            // A topic that the controller does not know may be gone, or too new for one that is being replaced.
            default -> leader.isrUndecided(change);
        }
    }
}
