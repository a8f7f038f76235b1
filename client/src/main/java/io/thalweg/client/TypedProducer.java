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
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A producer of keys and values: serializes, has the interceptors see each record, and hands bytes to a {@link BatchProducer}. */
final class TypedProducer<K, V> implements Producer<K, V> {

    private static final int MOST_WAITING = 10_000;

    private final BatchProducer batches;
    private final ClientRuntime runtime;
    private final Serde<K> keys;
    private final Serde<V> values;
    private final ProducerConfig config;
    private final @Nullable Partitioner partitioner;
    private final Runnable whenClosed;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    /** By topic; owned by the client's thread. */
    private final Map<String, ArrayDeque<Waiting<K, V>>> unknown = new HashMap<>();
    /** Once none of these waits any more; set on the client's thread. */
    private volatile CompletableFuture<Void> allHandedOver = CompletableFuture.completedFuture(null);

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
        this.partitioner = config.partitioner().orElse(null);
        this.whenClosed = whenClosed;
    }

    @Override
    public CompletionStage<RecordMetadata> send(ProducerRecord<K, V> record) {
        if (isClosed.get()) {
            throw new IllegalStateException("the producer is closed");
        }
        var pending = new PendingSend<>(runtime, record, config.interceptors());
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
        var asked = record.timestampMillis();
        pending.hasTimestamp(
                asked.isPresent() ? asked.getAsLong() : runtime.clock().millis());
        var key = bytes("key", keys, record.key(), record);
        var value = bytes("value", values, record.value(), record);
        var outbound = new OutboundRecord(
                record.topic(),
                record.partition(),
                key == null ? null : ByteBuffer.wrap(key),
                value == null ? null : ByteBuffer.wrap(value),
                headers(record.headers()),
                OptionalLong.empty());
        var choice = partitioner == null ? null : choice(partitioner, record, key);
        if (!runtime.isCurrent() || (batches.knows(record.topic()) && !unknown.containsKey(record.topic()))) {
            add(outbound, choice, pending);
        } else {
            addOnceKnown(new Waiting<>(outbound, choice, pending));
        }
    }

    /** On the client's own thread nothing may wait; what is sent meanwhile keeps its place behind. */
    private void addOnceKnown(Waiting<K, V> waiting) {
        var topic = waiting.record().topic();
        var queue = unknown.get(topic);
        if (queue != null && queue.size() >= MOST_WAITING) {
            waiting.pending()
                    .fail(new ThalwegException.BufferFull(
                            queue.size() + " records wait for the partitions of topic " + topic));
        } else if (queue != null) {
            queue.add(waiting);
        } else {
            var begun = new ArrayDeque<Waiting<K, V>>(List.of(waiting));
            var handedOver = new CompletableFuture<Boolean>();
            unknown.put(topic, begun);
            allHandedOver = CompletableFuture.allOf(allHandedOver, handedOver);
            var unused = batches.learn(topic).whenComplete((known, failure) -> {
                for (var next = begun.poll(); next != null; next = begun.poll()) {
                    addOrFail(next, failure);
                }
                unknown.remove(topic);
                handedOver.complete(true);
            });
        }
    }

    private void addOrFail(Waiting<K, V> waiting, @Nullable Throwable failure) {
        if (failure == null) {
            add(waiting.record(), waiting.choice(), waiting.pending());
        } else {
            waiting.pending().fail(Failures.toApi(failure));
        }
    }

    /** A record for a topic whose partitions are not known. */
    private record Waiting<K, V>(
            OutboundRecord record, BatchProducer.@Nullable Choice choice, PendingSend<K, V> pending) {}

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
            var unused = batches.send(
                    record, pending.timestampMillis(), choice, config.overflow() == OverflowPolicy.WAIT, pending);
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
        runtime.checkMayWait("a record to be written");
        var sent = send(record);
        var unused = flush();
        return Thalweg.await(sent);
    }

    @Override
    public CompletionStage<Void> flush() {
        var waiting = allHandedOver;
        return runtime.shown(waiting.isDone() ? batches.flush() : waiting.thenCompose(all -> batches.flush()));
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            try {
                batches.closeAfter(allHandedOver);
            } catch (ClientException e) {
                throw Failures.toApi(e);
            } finally {
                whenClosed.run();
            }
        }
    }
}
