package io.thalweg.client;

import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.PartitionReader;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.CorruptRecordException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A reader of keys and values: has a {@link PartitionConsumer} fetch and turns its records into ones that may be kept. */
final class TypedReader<K, V> implements PartitionReader<K, V> {

    private final ClientRuntime runtime;
    private final PartitionConsumer consumer;
    private final RecordDecoder<K, V> decoder;
    private final Runnable whenClosed;
    private final AtomicBoolean isPolling = new AtomicBoolean();
    private volatile boolean isClosed;

    TypedReader(ClientRuntime runtime, PartitionConsumer consumer, RecordDecoder<K, V> decoder, Runnable whenClosed) {
        this.runtime = runtime;
        this.consumer = consumer;
        this.decoder = decoder;
        this.whenClosed = whenClosed;
    }

    @Override
    public CompletionStage<Void> assign(Map<TopicPartition, StartPosition> positions) {
        checkOpen();
        return runtime.shown(consumer.assign(positions));
    }

    private void checkOpen() {
        if (isClosed) {
            throw new IllegalStateException("the reader is closed");
        }
    }

    @Override
    public List<ConsumerRecord<K, V>> poll(Duration timeout) {
        if (timeout.toNanos() > 0) {
            runtime.checkMayWait("records");
        }
        if (!isPolling.compareAndSet(false, true)) {
            throw new IllegalStateException("the reader is polled by another thread; expected one at a time");
        }
        try {
            checkOpen();
            var chunk = consumer.pollChunk(timeout);
            if (chunk == null) {
                return List.of();
            }
            var records = decoder.decodeSome(chunk, consumer);
            consumer.rewind(chunk, records.size());
            return records;
        } catch (ClientException | CorruptRecordException e) {
            throw Failures.toApi(e);
        } finally {
            isPolling.set(false);
            releaseIfClosed();
        }
    }

    @Override
    public CompletionStage<Void> seek(TopicPartition partition, StartPosition position) {
        checkOpen();
        return runtime.shown(consumer.seek(partition, position));
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        checkOpen();
        consumer.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        checkOpen();
        consumer.resume(partitions);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return consumer.assignment();
    }

    @Override
    public long position(TopicPartition partition) {
        return consumer.position(partition);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            consumer.end();
            releaseIfClosed();
            whenClosed.run();
        }
    }

    /** Whoever comes last gives back what was fetched: the thread that polls, or the one that closes. */
    private void releaseIfClosed() {
        if (isClosed && isPolling.compareAndSet(false, true)) {
            consumer.release();
            isPolling.set(false);
        }
    }
}
