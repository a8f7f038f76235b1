package io.thalweg.broker.follower;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.protocol.message.FetchRequest;
import java.util.UUID;

/** A follower as its fetcher sees it. Owned by the shard. */
final class FetchedPartition {

    /** Identifies a partition in requests and answers. */
    record Key(UUID topicId, int partition) {}

    private final FollowerPartition follower;
    private final Key key;
    /** Whether the leader was asked for it, in this session. */
    private boolean isAsked;

    private boolean isResting;
    private boolean isPaused;
    private int failureCount;
    private long changingFromOffset = -1;

    FetchedPartition(FollowerPartition follower) {
        this.follower = follower;
        var id = follower.published().id();
        this.key = new Key(id.topicId(), id.partition());
    }

    FollowerPartition follower() {
        return follower;
    }

    Key key() {
        return key;
    }

    boolean isAsked() {
        return isAsked;
    }

    void asked(boolean now) {
        isAsked = now;
    }

    boolean isFetchable() {
        return !isResting && !isPaused && follower.isReady();
    }

    /** Nothing is asked of the leader until {@link #goOn}; tells whether that is news. */
    boolean pause() {
        var isNews = !isPaused;
        isPaused = true;
        return isNews;
    }

    boolean isPaused() {
        return isPaused;
    }

    void goOn() {
        isPaused = false;
    }

    /** Nothing is asked of the leader for a while; gives how often in a row that was so. */
    int rest() {
        isResting = true;
        return ++failureCount;
    }

    void rested() {
        isResting = false;
    }

    void succeeded() {
        failureCount = 0;
    }

    /** The follower's log is about to end elsewhere, as more was staged for it or it is being cut. */
    void changing(long fromOffset) {
        changingFromOffset = fromOffset;
    }

    /** Tells, once, whether the log ends where it did although it was to change; if it does not, that was a success. */
    boolean takeRefusal() {
        var wasChanging = changingFromOffset >= 0;
        var isRefused = wasChanging && changingFromOffset == follower.endOffset();
        changingFromOffset = -1;
        if (wasChanging && !isRefused) {
            succeeded();
        }
        return isRefused;
    }

    FetchRequest.Partition toRequest(int maxBytes) {
        return FetchRequest.Partition.builder()
                .partition(key.partition())
                .currentLeaderEpoch(follower.following().leaderEpoch())
                .fetchOffset(follower.endOffset())
                .lastFetchedEpoch(follower.lastEpoch())
                .logStartOffset(follower.published().logStartOffset())
                .partitionMaxBytes(maxBytes)
                .build();
    }
}
