package io.thalweg.api;

import java.util.concurrent.CompletionStage;

/**
 * Sends records, in batches.
 *
 * <p><b>Threads.</b> Any thread may send, several at once. {@code send} returns at once, but for two things it may wait for, {@link
 * ProducerConfig#maxBlock} at most: memory, if the policy is {@link OverflowPolicy#WAIT}, and the partitions of a topic that is sent to
 * for the first time. On the client's own thread, that is in a function put on one of its stages, it never waits.
 *
 * <p><b>Ordering.</b> The records that one thread sends to a partition are written in that order, also when batches are sent again. One
 * that is given up takes those batches with it that were numbered after it, so that none overtakes another.
 *
 * <p><b>Errors.</b> {@code send} does not throw but for use after close; what happens to a record is told to its stage. Cancelling or
 * completing the stage has no effect on the record.
 *
 * <p><b>Close.</b> Idempotent; waits until every record is acknowledged or given up, {@link ProducerConfig#deliveryTimeout} at most.
 */
public interface Producer<K, V> extends AutoCloseable {

    /** Sends the record; completes once it is acknowledged. */
    CompletionStage<RecordMetadata> send(ProducerRecord<K, V> record);

    /**
     * Sends the record and what else waits to be sent, and waits for the acknowledgement.
     *
     * @throws ThalwegException why it is not written, or may not be
     */
    RecordMetadata sendAndWait(ProducerRecord<K, V> record);

    /** Sends what waits for its batch to fill; completes once every record sent so far is acknowledged or given up. */
    CompletionStage<Void> flush();

    @Override
    void close();
}
