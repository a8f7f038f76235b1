package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.runtime.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where records become batches: application threads add, the loop takes. All state is under one lock, which nobody holds while
 * compressing, sending or calling back.
 */
final class RecordAccumulator {

    /** What part of the memory that records may take is kept when they take none. */
    private static final int KEPT_SHARE = 4;

    private final BatchConfig config;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition memoryFreed = lock.newCondition();

    // The rest is guarded by the lock.
    private final Map<TopicPartition, Queue> queues = new LinkedHashMap<>();
    private final BatchMemory memory;
    private @Nullable Queue lastQueue;
    private final Set<ProducerBatch> incomplete = new LinkedHashSet<>();
    private long reservedBytes;
    private int waitersCount;
    private @Nullable Supplier<RuntimeException> refusal;

    RecordAccumulator(BatchConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.memory = new BatchMemory(config.batchBytes(), config.bufferBytes() / KEPT_SHARE);
    }

    /** The batches of one partition that are not taken out. */
    private static final class Queue extends ArrayDeque<ProducerBatch> {

        private static final long serialVersionUID = 1L;

        /** What it was asked for by last. */
        private @Nullable TopicPartition partition;

        /** Of the batch that was taken out last. */
        private int lastBytes;
    }

    /** What an addition means to the loop. */
    enum Added {
        /** Nothing to do: the batch was there before and has room. */
        QUIETLY,
        /** There is a new batch, which has room. */
        NEW_BATCH,
        /** There is a full batch. */
        FULL_BATCH
    }

    /** Adds the record, waiting for memory until the deadline. */
    Added add(TopicPartition partition, OutboundRecord record, long timestamp, Delivery delivery, boolean mayWait) {
        var bytes = batchBytes(record);
        lock.lock();
        try {
            reserve(bytes, mayWait);
            var queue = queue(partition);
            var last = queue.peekLast();
            if (last != null && last.add(record, timestamp, delivery, bytes)) {
                return isFull(last) ? Added.FULL_BATCH : Added.QUIETLY;
            }
            var batch = new ProducerBatch(
                    partition,
                    clock.nanos(),
                    Math.max(config.batchBytes(), bytes),
                    config.compression(),
                    memory.take(queue.lastBytes));
            if (!batch.add(record, timestamp, delivery, bytes)) {
                throw new IllegalStateException("record of " + bytes + " bytes does not fit an empty batch");
            }
            queue.add(batch);
            incomplete.add(batch);
            return isFull(batch) ? Added.FULL_BATCH : Added.NEW_BATCH;
        } finally {
            lock.unlock();
        }
    }

    private Queue queue(TopicPartition partition) {
        var last = lastQueue;
        if (last != null && partition.equals(last.partition)) {
            return last;
        }
        var known = queues.get(partition);
        var queue = known == null ? new Queue() : known;
        if (known == null) {
            queues.put(partition, queue);
        }
        queue.partition = partition;
        lastQueue = queue;
        return queue;
    }

    private int batchBytes(OutboundRecord record) {
        var bytes = RecordBatchBuilder.batchBytes(record.key(), record.value(), record.headers());
        if (bytes > config.maxRequestBytes()) {
            throw new ClientException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "record of " + bytes + " bytes for topic " + record.topic() + "; expected at most "
                            + config.maxRequestBytes(),
                    null);
        }
        return (int) bytes;
    }

    private boolean isFull(ProducerBatch batch) {
        if (batch.sizeInBytes() >= config.batchBytes()) {
            batch.end();
        }
        return batch.isFull();
    }

    private void reserve(int bytes, boolean mayWait) {
        if (lacksMemory(bytes)) {
            if (!mayWait) {
                throw new BufferFullException("no memory for another record of " + bytes + " bytes: " + reservedBytes
                        + " of " + config.bufferBytes() + " bytes wait to be acknowledged");
            }
            var deadline = clock.nanos()
                    + config.maxBlock().toNanos(); // Asked for here only: it takes as long as all the rest.
            while (lacksMemory(bytes)) {
                awaitMemory(deadline);
            }
        }
        if (refusal != null) {
            throw refusal.get();
        }
        reservedBytes += bytes;
    }

    private boolean lacksMemory(int bytes) {
        return refusal == null && reservedBytes > 0 && reservedBytes + bytes > config.bufferBytes();
    }

    @SuppressWarnings("WaitNotInLoop") // The one caller loops.
    private void awaitMemory(long deadline) {
        waitersCount++;
        try {
            if (memoryFreed.awaitNanos(deadline - clock.nanos()) <= 0) {
                throw ClientException.timedOut(
                        "no memory for another record within "
                                + config.maxBlock().toMillis() + " ms: " + reservedBytes
                                + " bytes wait to be acknowledged",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientException.timedOut("interrupted while waiting for memory", e);
        } finally {
            waitersCount--;
        }
    }

    /** Whether application threads wait for memory, so that lingering would be a mistake. */
    private boolean isTight() {
        return waitersCount > 0;
    }

    /** The partitions that have records, in the order in which they first had some. */
    List<TopicPartition> partitions() {
        lock.lock();
        try {
            return new ArrayList<>(queues.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is anything that was not taken out yet. */
    boolean hasBatches() {
        lock.lock();
        try {
            return queues.values().stream().anyMatch(queue -> !queue.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** How long until the partition's first batch is to be sent; 0 if it is now, the largest long if there is none. */
    long nanosUntilReady(TopicPartition partition) {
        lock.lock();
        try {
            var queue = queues.get(partition);
            var first = queue == null ? null : queue.peek();
            if (first == null) {
                return Long.MAX_VALUE;
            }
            if (first.isFull() || isTight()) {
                return 0;
            }
            return Math.max(0, first.createdNanos() + config.linger().toNanos() - clock.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** Takes the partition's first batch out if it fits the bytes. */
    @Nullable ProducerBatch take(TopicPartition partition, int maxBytes) {
        lock.lock();
        try {
            var queue = queues.get(partition);
            var first = queue == null ? null : queue.peek();
            if (queue == null || first == null || first.sizeInBytes() > maxBytes) {
                return null;
            }
            first.end();
            queue.lastBytes = first.sizeInBytes();
            return queue.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the partition's first batch out if it has waited longer than this. */
    @Nullable ProducerBatch takeOlderThan(TopicPartition partition, long nanos) {
        lock.lock();
        try {
            var queue = queues.get(partition);
            var first = queue == null ? null : queue.peek();
            return queue == null || first == null || clock.nanos() - first.createdNanos() < nanos
                    ? null
                    : queue.remove();
        } finally {
            lock.unlock();
        }
    }

    /** These batches, of the same records, are in the place of one that was taken out. */
    void replace(ProducerBatch batch, List<ProducerBatch> parts) {
        lock.lock();
        try {
            incomplete.remove(batch);
            incomplete.addAll(parts);
        } finally {
            lock.unlock();
        }
    }

    /** The batch is acknowledged or given up: its memory is free. */
    void release(ProducerBatch batch) {
        lock.lock();
        try {
            incomplete.remove(batch);
            reservedBytes -= batch.reservedBytes();
            if (waitersCount > 0) {
                memoryFreed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The batch is acknowledged, and was sent just once: nothing will read its bytes again. */
    void reuse(ProducerBatch batch) {
        lock.lock();
        try {
            memory.give(batch.memory());
        } finally {
            lock.unlock();
        }
    }

    /** Ends every batch and completes when each is acknowledged or given up. */
    CompletableFuture<Void> flush() {
        lock.lock();
        try {
            queues.values().forEach(queue -> queue.forEach(ProducerBatch::end));
            return CompletableFuture.allOf(
                    incomplete.stream().map(ProducerBatch::done).toArray(CompletableFuture<?>[]::new));
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further records with what is given, unless they are already, and wakes who waits for memory. */
    void close(Supplier<RuntimeException> why) {
        lock.lock();
        try {
            refusal = refusal == null ? why : refusal;
            memoryFreed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes everything out that was not taken yet. */
    List<ProducerBatch> takeAll() {
        lock.lock();
        try {
            var all = new ArrayList<ProducerBatch>();
            queues.values().forEach(queue -> {
                all.addAll(queue);
                queue.clear();
            });
            return all;
        } finally {
            lock.unlock();
        }
    }
}
