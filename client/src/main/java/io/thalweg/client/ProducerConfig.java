package io.thalweg.client;

import io.thalweg.protocol.record.Compression;
import java.time.Duration;

/**
 * How a producer batches and what it waits for.
 *
 * @param acks what counts as written
 * @param idempotent whether a record that is sent again is written once; only with {@link Acks#ALL}, else ignored
 * @param compression of the batches
 * @param batchBytes a batch of this size is sent at once
 * @param linger how long a smaller batch waits for more records
 * @param bufferBytes records not yet acknowledged take no more memory than this; sending waits meanwhile
 * @param maxBlock how long sending waits for memory and for the topic's metadata
 * @param deliveryTimeout how long a record is tried
 */
public record ProducerConfig(
        Acks acks,
        boolean idempotent,
        Compression compression,
        int batchBytes,
        Duration linger,
        long bufferBytes,
        Duration maxBlock,
        Duration deliveryTimeout) {

    /** The most bytes of batches in one request: what Kafka's brokers take at least. */
    static final int MAX_REQUEST_BYTES = 1 << 20;

    /** Everything acknowledged by all replicas and written once; 64 KiB batches, 5 ms of linger, 32 MiB of memory. */
    public static final ProducerConfig DEFAULT = new ProducerConfig(
            Acks.ALL,
            true,
            Compression.NONE,
            64 << 10,
            Duration.ofMillis(5),
            32L << 20,
            Duration.ofSeconds(60),
            Duration.ofMinutes(2));

    /** The same with other acknowledgements. */
    public ProducerConfig withAcks(Acks newAcks) {
        return new ProducerConfig(
                newAcks, idempotent, compression, batchBytes, linger, bufferBytes, maxBlock, deliveryTimeout);
    }

    /** The same with or without idempotence. */
    public ProducerConfig withIdempotent(boolean newIdempotent) {
        return new ProducerConfig(
                acks, newIdempotent, compression, batchBytes, linger, bufferBytes, maxBlock, deliveryTimeout);
    }

    /** The same with another compression. */
    public ProducerConfig withCompression(Compression newCompression) {
        return new ProducerConfig(
                acks, idempotent, newCompression, batchBytes, linger, bufferBytes, maxBlock, deliveryTimeout);
    }

    /** The same with other batches. */
    public ProducerConfig withBatching(int newBatchBytes, Duration newLinger) {
        return new ProducerConfig(
                acks, idempotent, compression, newBatchBytes, newLinger, bufferBytes, maxBlock, deliveryTimeout);
    }

    /** The same with another bound on memory. */
    public ProducerConfig withBufferBytes(long newBufferBytes) {
        return new ProducerConfig(
                acks, idempotent, compression, batchBytes, linger, newBufferBytes, maxBlock, deliveryTimeout);
    }

    /** The same with other time limits. */
    public ProducerConfig withTimeouts(Duration newMaxBlock, Duration newDeliveryTimeout) {
        return new ProducerConfig(
                acks, idempotent, compression, batchBytes, linger, bufferBytes, newMaxBlock, newDeliveryTimeout);
    }

    boolean wantsIdempotence() {
        return idempotent && acks == Acks.ALL;
    }
}
