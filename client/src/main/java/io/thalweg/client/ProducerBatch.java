package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one batch and who waits for them. Belongs to the accumulator, under its lock, until it is taken out; to the loop
 * from then on.
 */
final class ProducerBatch {

    private static final Logger log = LoggerFactory.getLogger(ProducerBatch.class);

    /** A record's timestamp is coded as the distance from the batch's first one, so that it may be longer in another batch. */
    private static final int MAX_TIMESTAMP_BYTES = 10;

    private final TopicPartition partition;
    private final long createdNanos;
    private final Compression compression;
    private final byte[] memory;
    private final RecordBatchBuilder builder;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean isFull;
    private int reservedBytes;
    private int plainBytes;
    private @Nullable ByteBuffer bytes;
    private ProducerIdentity identity = ProducerIdentity.NONE;
    private int baseSequence = RecordBatch.NO_SEQUENCE;
    private int triesCount;

    /**
     * An empty one, made in this memory as long as that is enough; it is lent until the batch is done, and for ever if it is not sent
     * just once.
     */
    ProducerBatch(TopicPartition partition, long createdNanos, int maxBytes, Compression compression, byte[] memory) {
        this.partition = partition;
        this.createdNanos = createdNanos;
        this.compression = compression;
        this.memory = memory;
        this.builder = new RecordBatchBuilder(maxBytes, memory).compression(compression);
    }

    byte[] memory() {
        return memory;
    }

    /** Adds the record; false if it does not fit any more, which ends the batch. */
    boolean add(OutboundRecord record, long timestamp, Delivery delivery, int bytesToReserve) {
        if (isFull || !builder.append(timestamp, record.key(), record.value(), record.headers())) {
            isFull = true;
            return false;
        }
        deliveries.add(delivery);
        reservedBytes += bytesToReserve;
        return true;
    }

    void end() {
        isFull = true;
    }

    boolean isFull() {
        return isFull;
    }

    int sizeInBytes() {
        return bytes == null ? builder.sizeInBytes() : bytes.remaining();
    }

    TopicPartition partition() {
        return partition;
    }

    long createdNanos() {
        return createdNanos;
    }

    int reservedBytes() {
        return reservedBytes;
    }

    int recordsCount() {
        return deliveries.size();
    }

    /** Whether everybody was told; an answer that comes later changes nothing. */
    boolean isDone() {
        return done.isDone();
    }

    CompletableFuture<Void> done() {
        return done;
    }

    /** Gives the batch its place in the producer's sequence and makes its bytes. */
    void seal(ProducerIdentity producer, int sequence) {
        identity = producer;
        baseSequence = sequence;
        if (producer.isPresent()) {
            builder.producer(producer.id(), producer.epoch(), sequence);
        }
        plainBytes = builder.sizeInBytes();
        bytes = builder.build();
    }

    /** Two sealed batches of its records, with its sequence numbers; it is done when both are. */
    List<ProducerBatch> split() {
        var middle = recordsCount() / 2;
        var bytesEach = reservedBytes / recordsCount();
        var maxBytes = plainBytes + recordsCount() * MAX_TIMESTAMP_BYTES;
        var first = new ProducerBatch(partition, createdNanos, maxBytes, compression, new byte[maxBytes]);
        var second = new ProducerBatch(partition, createdNanos, maxBytes, compression, new byte[maxBytes]);
        try (var reader = RecordBatch.at(bytes(), bytes().position()).records()) {
            for (int i = 0; reader.hasNext(); i++) {
                (i < middle ? first : second).add(reader.next(), deliveries.get(i), bytesEach);
            }
        }
        second.reservedBytes = reservedBytes - first.reservedBytes;
        first.seal(identity, baseSequence);
        second.seal(identity, identity.isPresent() ? RecordBatch.sequenceAfter(baseSequence, middle) : baseSequence);
        var unused = CompletableFuture.allOf(first.done, second.done).thenRun(() -> done.complete(null));
        return List.of(first, second);
    }

    private void add(RecordView record, Delivery delivery, int bytesToReserve) {
        if (!builder.append(record.timestamp(), record.key(), record.value(), record.headers())) {
            throw new IllegalStateException("a part of a batch of " + partition + " is larger than the whole");
        }
        deliveries.add(delivery);
        reservedBytes += bytesToReserve;
    }

    boolean isSealed() {
        return bytes != null;
    }

    ByteBuffer bytes() {
        var sealed = bytes;
        if (sealed == null) {
            throw new IllegalStateException("batch of " + partition + " is not sealed");
        }
        return sealed;
    }

    ProducerIdentity identity() {
        return identity;
    }

    int baseSequence() {
        return baseSequence;
    }

    int triesCount() {
        return triesCount;
    }

    void tried() {
        triesCount++;
    }

    /** Tells everybody; the offset is that of the first record, or -1. */
    void complete(long baseOffset, long appendTimeMillis, @Nullable ClientException failure) {
        for (int i = 0; i < deliveries.size(); i++) {
            try {
                deliveries.get(i).completed(partition, baseOffset < 0 ? -1 : baseOffset + i, appendTimeMillis, failure);
            } catch (RuntimeException e) {
                log.error("the delivery of a record of {} threw", partition, e);
            }
        }
        done.complete(null);
    }
}
