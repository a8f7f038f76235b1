package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.Murmur2;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records in batches.
 *
 * <p><b>Threads.</b> Any thread may send; deliveries are told on the client's thread. Sending waits, at most {@link
 * BatchConfig#maxBlock}, for the topic's metadata and for memory; on the client's own thread it throws instead of waiting.
 *
 * <p><b>Ordering.</b> The records of a partition are written in the order in which they were sent, also when batches are sent again.
 *
 * <p><b>Errors.</b> {@code send} throws for records that cannot be sent at all; everything later is told to the {@link Delivery}.
 *
 * <p><b>Close.</b> Idempotent; waits until what was sent is acknowledged or given up, then refuses records.
 */
public final class BatchProducer implements AutoCloseable {

    /** Every record is acknowledged or given up within the delivery timeout; this is for telling so. */
    private static final Duration GIVING_UP = Duration.ofSeconds(5);

    private final ClientRuntime runtime;
    private final MetadataCache metadata;
    private final BatchConfig config;
    private final RecordAccumulator accumulator;
    private final ProduceSender sender;
    private final StickyPartitions sticky;

    BatchProducer(
            ClientRuntime runtime,
            MetadataCache metadata,
            BatchConfig config,
            RecordAccumulator accumulator,
            ProduceSender sender) {
        this.runtime = runtime;
        this.metadata = metadata;
        this.config = config;
        this.accumulator = accumulator;
        this.sender = sender;
        this.sticky = new StickyPartitions(runtime.random());
    }

    /** Chooses the partition of a record that names none. */
    @FunctionalInterface
    interface Choice {
        int among(int partitionsCount);
    }

    /** Sends the record; gives the partition it goes to. */
    public TopicPartition send(OutboundRecord record, Delivery delivery) {
        var timestamp = record.timestamp();
        return send(
                record,
                timestamp.isPresent() ? timestamp.getAsLong() : runtime.clock().millis(),
                null,
                true,
                delivery);
    }

    /**
     * As {@link #send(OutboundRecord, Delivery)}, with this timestamp; if it may not wait for memory it throws
     * {@link BufferFullException}.
     */
    TopicPartition send(
            OutboundRecord record, long timestamp, @Nullable Choice choice, boolean mayWait, Delivery delivery) {
        var topic = topic(record.topic());
        var isSticky = record.partition().isEmpty() && record.key() == null && choice == null;
        var partition = topic.partitions().get(choose(record, choice, topic)).id();
        var added = accumulator.add(partition, record, timestamp, delivery, mayWait && !runtime.isCurrent());
        if (isSticky) {
            sticky.added(record.topic(), added);
        }
        if (added != RecordAccumulator.Added.QUIETLY) {
            sender.wake();
        }
        return partition;
    }

    private int choose(OutboundRecord record, @Nullable Choice choice, TopicImage topic) {
        var count = topic.partitions().size();
        if (record.partition().isPresent() || choice != null) {
            var partition = record.partition().orElseGet(() -> choice == null ? -1 : choice.among(count));
            if (partition < 0 || partition >= count) {
                throw new ClientException(
                        ErrorCode.INVALID_PARTITIONS,
                        "partition " + partition + " of topic " + record.topic() + ": expected 0 to " + (count - 1),
                        null);
            }
            return partition;
        }
        var key = record.key();
        return key == null ? sticky.current(record.topic(), topic.writable()) : Murmur2.partition(key, count);
    }

    /** Whether the topic's partitions are known, so that sending does not wait for them. */
    boolean knows(String topic) {
        var cached = metadata.image().topics().get(topic);
        return cached != null && !cached.partitions().isEmpty();
    }

    /** Completes on the client's thread once the topic's partitions are known. */
    CompletableFuture<?> learn(String topic) {
        return metadata.topicToWrite(topic);
    }

    private TopicImage topic(String topic) {
        var cached = metadata.image().topics().get(topic);
        if (cached != null && !cached.partitions().isEmpty()) {
            return cached;
        }
        if (runtime.isCurrent()) {
            throw new IllegalStateException(
                    "topic " + topic + " is not known yet, and the client's own thread must not wait");
        }
        return await(metadata.topicToWrite(topic), "metadata of topic " + topic);
    }

    private <T> T await(CompletableFuture<T> stage, String what) {
        try {
            return stage.get(config.maxBlock().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw ClientException.from(e);
        } catch (TimeoutException e) {
            throw ClientException.timedOut(
                    what + " did not come within " + config.maxBlock().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientException.timedOut("interrupted while waiting for " + what, e);
        }
    }

    /** Completes once every record sent so far is acknowledged or given up; sends smaller batches at once. */
    public CompletionStage<Void> flush() {
        var flushed = accumulator.flush();
        sender.wake();
        return flushed;
    }

    @Override
    public void close() {
        closeAfter(CompletableFuture.completedFuture(null));
    }

    /** Closes once that has ended, for which there is the same limit. */
    void closeAfter(CompletableFuture<?> before) {
        if (!runtime.isCurrent()) {
            try {
                var unused = before.thenCompose(ended -> flush())
                        .get(config.deliveryTimeout().plus(GIVING_UP).toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw ClientException.from(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end();
            }
        } else {
            end();
        }
    }

    private void end() {
        accumulator.close(() -> new IllegalStateException("the producer is closed"));
        runtime.executeUnlessEnded(sender::close);
    }
}
