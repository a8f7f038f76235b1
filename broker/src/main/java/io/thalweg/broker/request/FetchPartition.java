package io.thalweg.broker.request;

import io.thalweg.protocol.message.FetchRequest;
import java.util.UUID;

/**
 * One partition as a reader asks for it. Owned by the event loop; in a session it lives from one fetch to the next and remembers what
 * the reader was told.
 */
final class FetchPartition {

    /** Identifies a partition within a session: by id from version 13 on, by name before. */
    record Key(String topic, UUID topicId, int partition) {

        boolean isById() {
            return topic.isEmpty();
        }
    }

    private final Key key;
    private long fetchOffset;
    private int maxBytes;
    private int currentLeaderEpoch;
    private int lastFetchedEpoch;
    private boolean isNews;
    private long toldHighWatermark = -1;
    private long toldLogStartOffset = -1;

    FetchPartition(Key key, FetchRequest.Partition asked) {
        this.key = key;
        ask(asked);
    }

    /** Notes what the reader wants now. */
    void ask(FetchRequest.Partition asked) {
        fetchOffset = asked.fetchOffset();
        maxBytes = asked.partitionMaxBytes();
        currentLeaderEpoch = asked.currentLeaderEpoch();
        lastFetchedEpoch = asked.lastFetchedEpoch();
        isNews = true;
    }

    /** Tells, once, whether the reader has said something since it was last asked. */
    boolean takeNews() {
        var wasNews = isNews;
        isNews = false;
        return wasNews;
    }

    Key key() {
        return key;
    }

    long fetchOffset() {
        return fetchOffset;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** The leader epoch the reader knows, -1 if it does not say. */
    int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    /** The epoch of the last record the reader has, -1 if it does not say. */
    int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }

    /** Notes what the reader is told; tells whether any of it is new to it. */
    boolean tell(PartitionRead read) {
        var isNew = read.highWatermark() != toldHighWatermark || read.logStartOffset() != toldLogStartOffset;
        toldHighWatermark = read.highWatermark();
        toldLogStartOffset = read.logStartOffset();
        return isNew;
    }
}
