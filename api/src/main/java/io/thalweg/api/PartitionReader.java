package io.thalweg.api;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Reads partitions that the application chooses, without a group and without commits. Fetches ahead while the application works.
 *
 * <p><b>Threads.</b> One thread polls at a time; everything else from any thread. {@link #close} ends a {@code poll} that waits.
 *
 * <p><b>Ordering.</b> The records of a partition come in the order of their offsets; partitions come as they are fetched.
 *
 * <p><b>Errors.</b> What does not pass by itself is thrown by {@code poll} once the records before it were given; the partition is
 * left out from then on, until it is sought or assigned anew. What passes is tried again for as long as it takes.
 *
 * <p><b>Close.</b> Idempotent.
 */
public interface PartitionReader<K, V> extends AutoCloseable {

    /** Reads these partitions from these positions on, and no others; completes once the positions are known. */
    CompletionStage<Void> assign(Map<TopicPartition, StartPosition> positions);

    /**
     * The next records, all of one partition, waiting for some at most this long; none if none came.
     *
     * @throws ThalwegException what keeps a partition from being read; the others may be polled on
     */
    List<ConsumerRecord<K, V>> poll(Duration timeout);

    /**
     * Reads an assigned partition from another position on; completes once that is known. Records of the old one are not given any more
     * from the next poll on.
     */
    CompletionStage<Void> seek(TopicPartition partition, StartPosition position);

    /** Gives no records of these partitions until they are resumed. */
    void pause(Collection<TopicPartition> partitions);

    /** Goes on where it was paused. */
    void resume(Collection<TopicPartition> partitions);

    /** What is assigned. */
    Set<TopicPartition> assignment();

    /** The offset after the last record given, or where reading begins; -1 if the partition is not assigned or that is not known yet. */
    long position(TopicPartition partition);

    @Override
    void close();
}
