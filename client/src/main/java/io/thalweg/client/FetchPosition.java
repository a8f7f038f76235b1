package io.thalweg.client;

/** Where the next fetch of a partition begins. Owned by the loop. */
final class FetchPosition {

    private final TopicPartition partition;
    private final int generation;
    private long nextOffset;
    private long blockedUntilNanos;
    private boolean hasFailed;

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

    /** Leaves the partition out until it is assigned anew. */
    void fail() {
        hasFailed = true;
    }

    boolean isFetchable(long nowNanos) {
        return !hasFailed && blockedUntilNanos - nowNanos <= 0;
    }
}
