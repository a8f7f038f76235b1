package io.thalweg.api;

/** What sending does while records that are not acknowledged fill the producer's memory. */
public enum OverflowPolicy {
    /** Waits for memory, at most {@link ProducerConfig#maxBlock()}: the application is slowed down to what the cluster takes. */
    WAIT,
    /** Fails the record at once with {@link ThalwegException.BufferFull}. */
    FAIL
}
