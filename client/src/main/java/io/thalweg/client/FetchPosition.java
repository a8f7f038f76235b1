package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.Message;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the next fetch of a partition begins. Owned by the loop. */
final class FetchPosition {

    private final TopicPartition partition;
    private final int generation;
    private long nextOffset;
    private long blockedUntilNanos;
    private boolean hasFailed;
    private boolean isPaused;
    private UUID topicId = Message.ZERO_UUID;
    private boolean isMissing;
    private long missingSinceNanos;
    private @Nullable ClientException trouble;

    FetchPosition(TopicPartition partition, int generation, long nextOffset, long nowNanos) {
        this.partition = partition;
        this.generation = generation;
        this.nextOffset = nextOffset;
        this.blockedUntilNanos = nowNanos;
    }

    TopicPartition partition() {
        return partition;
    }

    int generation() {
        return generation;
    }

    long nextOffset() {
        return nextOffset;
    }

    void advanceTo(long offset) {
        nextOffset = offset;
    }

    /** Leaves the partition out until then. */
    void blockUntil(long nanos) {
        blockedUntilNanos = nanos;
    }

    /** Leaves the partition out until told otherwise. */
    void setPaused(boolean paused) {
        isPaused = paused;
    }

    boolean isPaused() {
        return isPaused;
    }

    /** Takes the partition in again, from another offset on. */
    void goOnAt(long offset) {
        nextOffset = offset;
        hasFailed = false;
    }

    /** Leaves the partition out until it is assigned anew. */
    void fail() {
        hasFailed = true;
        trouble = null;
    }

    /** Notes that brokers know the topic; false if it is another one of the same name than before. */
    boolean isSameTopic(UUID id) {
        var isSame = topicId.equals(id) || topicId.equals(Message.ZERO_UUID) || id.equals(Message.ZERO_UUID);
        if (isSame && !id.equals(Message.ZERO_UUID)) {
            topicId = id;
        }
        return isSame;
    }

    /** Notes whether an answer knew the topic; how long none did, 0 as long as one does. */
    long missingNanos(boolean isKnown, long nowNanos) {
        if (isKnown || !isMissing) {
            missingSinceNanos = nowNanos;
        }
        isMissing = !isKnown;
        return nowNanos - missingSinceNanos;
    }

    /** What keeps the partition from being fetched while it is tried again, or null. */
    @Nullable ClientException trouble() {
        return trouble;
    }

    void troubled(@Nullable ClientException reason) {
        trouble = reason;
    }

    boolean isFetchable(long nowNanos) {
        return !hasFailed && !isPaused && blockedUntilNanos - nowNanos <= 0;
    }
}
