package io.thalweg.client;

import io.thalweg.api.Header;
import io.thalweg.api.Headers;
import io.thalweg.api.OverflowPolicy;
import io.thalweg.api.Partitioner;
import io.thalweg.api.Producer;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.Serde;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A producer of keys and values: serializes, has the interceptors see each record, and hands bytes to a {@link BatchProducer}. */
final class TypedProducer<K, V> implements Producer<K, V> {

    private final BatchProducer batches;
    private final ClientRuntime runtime;
    private final Serde<K> keys;
    private final Serde<V> values;
    private final ProducerConfig config;
    private final Runnable whenClosed;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    TypedProducer(
            BatchProducer batches,
            ClientRuntime runtime,
            Serde<K> keys,
            Serde<V> values,
            ProducerConfig config,
            Runnable whenClosed) {
        this.batches = batches;
        this.runtime = runtime;
        this.keys = keys;
        this.values = values;
        this.config = config;
        this.whenClosed = whenClosed;
    }

    @Override
    public CompletionStage<RecordMetadata> send(ProducerRecord<K, V> record) {
        if (isClosed.get()) {
            throw new IllegalStateException("the producer is closed");
        }
        var pending = new PendingSend<>(record, config.interceptors());
        try {
            send(intercepted(record), pending);
        } catch (RuntimeException e) {
            pending.fail(ThalwegException.from(e));
        }
        return pending;
    }

    private ProducerRecord<K, V> intercepted(ProducerRecord<K, V> record) {
        var current = record;
        for (var interceptor : config.interceptors()) {
            current = interceptor.sending(current);
        }
        return current;
    }

    private void send(ProducerRecord<K, V> record, PendingSend<K, V> pending) {
        var timestamp = record.timestampMillis().orElseGet(() -> runtime.clock().millis());
        pending.hasTimestamp(timestamp);
        var key = bytes("key", keys, record.key(), record);
        var value = bytes("value", values, record.value(), record);
        var outbound = new OutboundRecord(
                record.topic(),
                record.partition(),
                key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(value),
                headers(record.headers()),
                OptionalLong.of(timestamp));
        var choice = config.partitioner()
                .map(partitioner -> choice(partitioner, record, key))
                .orElse(null);
        if (!runtime.isCurrent() || batches.knows(record.topic())) {
            add(outbound, choice, pending);
        } else {
            var unused = batches.learn(record.topic()).whenComplete((known, failure) -> {
                if (failure == null) {
                    add(outbound, choice, pending);
                } else {
                    pending.fail(Failures.toApi(failure));
                }
            });
        }
    }

    private static <T> byte @Nullable [] bytes(
            String what, Serde<T> serde, @Nullable T value, ProducerRecord<?, ?> record) {
        try {
            return value == null ? null : serde.toBytes(value);
        } catch (RuntimeException e) {
            throw new ThalwegException.Unserializable(
                    what + " of a record for topic " + record.topic() + " has no bytes: " + e.getMessage(), e);
        }
    }

    private static List<RecordHeader> headers(Headers headers) {
        return headers.isEmpty()
                ? List.of()
                : headers.all().stream().map(TypedProducer::header).toList();
    }

    private static RecordHeader header(Header header) {
        var value = header.value();
        return new RecordHeader(header.name(), value == null ? null : ByteBuffer.wrap(value));
    }

    private static BatchProducer.Choice choice(
            Partitioner partitioner, ProducerRecord<?, ?> record, byte @Nullable [] key) {
        return partitionsCount -> partitioner.partition(record, key, partitionsCount);
    }

    private void add(OutboundRecord record, BatchProducer.@Nullable Choice choice, PendingSend<K, V> pending) {
        try {
            var unused = batches.send(record, choice, config.overflow() == OverflowPolicy.WAIT, pending);
        } catch (BufferFullException e) {
            pending.fail(new ThalwegException.BufferFull(String.valueOf(e.getMessage())));
        } catch (ClientException e) {
            pending.fail(Failures.toApi(e));
        } catch (RuntimeException e) {
            pending.fail(ThalwegException.from(e));
        }
    }

    @Override
    public RecordMetadata sendAndWait(ProducerRecord<K, V> record) {
        if (runtime.isCurrent()) {
            throw new IllegalStateException("the client's own thread must not wait for a record");
        }
        var sent = send(record);
        var unused = flush();
        return Thalweg.await(sent);
    }

    @Override
    public CompletionStage<Void> flush() {
        return batches.flush();
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            try {
                batches.close();
            } catch (ClientException e) {
                throw Failures.toApi(e);
            } finally {
                whenClosed.run();
            }
        }
    }
}
