package io.thalweg.api;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A member of a group, which shares the partitions of topics with the others.
 *
 * <p><b>Threads.</b> One thread polls at a time; everything else from any thread. The member is kept alive on the client's thread, however
 * long the application works between polls: there is no deadline for {@code poll}. Only a partition that another member is to get is waited
 * for, {@link Subscription#revocationTimeout} at most.
 *
 * <p><b>Commits.</b> With {@link DeliveryGuarantee#AT_LEAST_ONCE} the records of a poll count as done when {@code poll} is called again, or
 * {@code commit}; closing does not count them, so that what an exception interrupted is read again. What is done is committed every {@link
 * Subscription#commitInterval}, before a partition is given up, and at close.
 *
 * <p><b>Errors.</b> As {@link PartitionReader}. A member that was fenced, because its client was cut off for too long, joins anew by
 * itself; its commits meanwhile fail with {@link ThalwegException.Fenced}.
 *
 * <p><b>Close.</b> Idempotent; commits what is done and leaves the group, so that others get its partitions at once.
 *
 * <p>Counts words, and commits at the end what was counted:
 *
 * <pre>{@code
 * var counts = new TreeMap<String, Integer>();
 * try (var consumer = client.consumer(Subscription.of("counters", Serde.string(), Serde.string(), "lines"))) {
 *     var seen = 0;
 *     while (seen < lines.size()) {
 *         for (var record : consumer.poll(POLL)) {
 *             words(record.value()).forEach(word -> counts.merge(word, 1, Integer::sum));
 *             seen++;
 *         }
 *     }
 *     await(consumer.commit());
 * }
 * return counts;
 * }</pre>
 */
public interface Consumer<K, V> extends AutoCloseable {

    /**
     * The next records, all of one partition, waiting for some at most this long; none if none came.
     *
     * @throws ThalwegException what keeps a partition from being read, or the member from its group
     */
    List<ConsumerRecord<K, V>> poll(Duration timeout);

    /** Commits everything that was given. */
    CompletionStage<Void> commit();

    /** Commits these offsets: of each partition the one after the last record that is done. */
    CompletionStage<Void> commit(Map<TopicPartition, Long> offsets);

    /** Reads an assigned partition from another position on; completes once that is known. */
    CompletionStage<Void> seek(TopicPartition partition, StartPosition position);

    /** Gives no records of these partitions until they are resumed. */
    void pause(Collection<TopicPartition> partitions);

    /** Goes on where it was paused. */
    void resume(Collection<TopicPartition> partitions);

    /** The member's partitions at the moment. */
    Set<TopicPartition> assignment();

    /** The offset after the last record given, or where reading begins; -1 if the partition is not the member's. */
    long position(TopicPartition partition);

    @Override
    void close();
}
