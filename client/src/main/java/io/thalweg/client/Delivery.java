package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Hears what became of a record. Called once, on the client's thread, in the order in which a partition's records were sent; must
 * not block.
 */
@FunctionalInterface
public interface Delivery {

    /** For those who do not care. */
    Delivery IGNORED = (partition, offset, failure) -> {};

    /** What brokers say that keep the time a record was made. */
    long NO_APPEND_TIME = -1;

    /**
     * The record is written, or will not be.
     *
     * @param offset where it is, or -1 if the broker did not say or the record is not written
     * @param failure why it is not written, or may not be; null if it is
     */
    void completed(TopicPartition partition, long offset, @Nullable ClientException failure);

    /**
     * As {@link #completed(TopicPartition, long, ClientException)}, which it calls unless a delivery wants to know more.
     *
     * @param appendTimeMillis the timestamp that the broker put in place of the record's own, or {@link #NO_APPEND_TIME}
     */
    default void completed(
            TopicPartition partition, long offset, long appendTimeMillis, @Nullable ClientException failure) {
        completed(partition, offset, failure);
    }
}
