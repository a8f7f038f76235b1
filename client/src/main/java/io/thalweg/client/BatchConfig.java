package io.thalweg.client;

import io.thalweg.api.Acks;
import io.thalweg.api.ProducerConfig;
import io.thalweg.protocol.record.Compression;
import java.time.Duration;

/**
 * How a producer batches and what it waits for.
 *
 * @param acks what counts as written
 * @param idempotent whether a record that is sent again is written once; only with {@link Acks#ALL}, else ignored
 * @param compression of the batches
 * @param batchBytes a batch of this size is sent at once
 * @param maxRequestBytes records of more are refused, and batches of one request have no more together
 * @param linger how long a smaller batch waits for more records
 * @param bufferBytes records not yet acknowledged take no more memory than this; sending waits meanwhile
 * @param maxBlock how long sending waits for memory and for the topic's metadata
 * @param deliveryTimeout how long a record is tried
 */
public record BatchConfig(
        Acks acks,
        boolean idempotent,
        Compression compression,
        int batchBytes,
        int maxRequestBytes,
        Duration linger,
        long bufferBytes,
        Duration maxBlock,
        Duration deliveryTimeout) {

    /** Everything acknowledged by all replicas and written once; 64 KiB batches, requests of 1 MiB, 5 ms of linger, 32 MiB of memory. */
    public static final BatchConfig DEFAULT = new BatchConfig(
            Acks.ALL,
            true,
            Compression.NONE,
            64 << 10,
            1 << 20,
            Duration.ofMillis(5),
            32L << 20,
            Duration.ofSeconds(60),
            Duration.ofMinutes(2));

    /** What an application configured. */
    static BatchConfig of(ProducerConfig config) {
        return new BatchConfig(
                config.acks(),
                config.isIdempotent(),
                Compression.valueOf(config.compression().name()),
                config.batchBytes(),
                config.maxRequestBytes(),
                config.linger(),
                config.bufferBytes(),
                config.maxBlock(),
                config.deliveryTimeout());
    }

    /** The same with other acknowledgements. */
    public BatchConfig withAcks(Acks newAcks) {
        return new BatchConfig(
                newAcks,
                idempotent,
                compression,
                batchBytes,
                maxRequestBytes,
                linger,
                bufferBytes,
                maxBlock,
                deliveryTimeout);
    }

    /** The same with or without idempotence. */
    public BatchConfig withIdempotent(boolean newIdempotent) {
        return new BatchConfig(
                acks,
                newIdempotent,
                compression,
                batchBytes,
                maxRequestBytes,
                linger,
                bufferBytes,
                maxBlock,
                deliveryTimeout);
    }

    /** The same with another compression. */
    public BatchConfig withCompression(Compression newCompression) {
        return new BatchConfig(
                acks,
                idempotent,
                newCompression,
                batchBytes,
                maxRequestBytes,
                linger,
                bufferBytes,
                maxBlock,
                deliveryTimeout);
    }

    /** The same with other batches. */
    public BatchConfig withBatching(int newBatchBytes, Duration newLinger) {
        return new BatchConfig(
                acks,
                idempotent,
                compression,
                newBatchBytes,
                maxRequestBytes,
                newLinger,
                bufferBytes,
                maxBlock,
                deliveryTimeout);
    }

    /** The same with other requests. */
    public BatchConfig withMaxRequestBytes(int newMaxRequestBytes) {
        return new BatchConfig(
                acks,
                idempotent,
                compression,
                batchBytes,
                newMaxRequestBytes,
                linger,
                bufferBytes,
                maxBlock,
                deliveryTimeout);
    }

    /** The same with another bound on memory. */
    public BatchConfig withBufferBytes(long newBufferBytes) {
        return new BatchConfig(
                acks,
                idempotent,
                compression,
                batchBytes,
                maxRequestBytes,
                linger,
                newBufferBytes,
                maxBlock,
                deliveryTimeout);
    }

    /** The same with other time limits. */
    public BatchConfig withTimeouts(Duration newMaxBlock, Duration newDeliveryTimeout) {
        return new BatchConfig(
                acks,
                idempotent,
                compression,
                batchBytes,
                maxRequestBytes,
                linger,
                bufferBytes,
                newMaxBlock,
                newDeliveryTimeout);
    }

    boolean wantsIdempotence() {
        return idempotent && acks == Acks.ALL;
    }
}
