package io.thalweg.api;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of a record that names none. Without one, producers do as Kafka's do: the hash of the key decides (murmur2), and
 * records without a key go to one partition until its batch is full, then to the next.
 *
 * <p><b>Threads.</b> Called by the threads that send, several at once.
 */
@FunctionalInterface
public interface Partitioner {

    /**
     * The partition, from 0 to {@code partitionsCount - 1}.
     *
     * @param key the bytes of the key, lent for the call
     */
    int partition(ProducerRecord<?, ?> record, byte @Nullable [] key, int partitionsCount);
}
