package io.thalweg.client;

import io.thalweg.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes records that could not be handled to a topic, as they were, with the reason in their headers. Any thread may call. */
final class DeadLetters implements AutoCloseable {

    private static final String PREFIX = "thalweg.dead-letter.";

    private final String topic;
    private final BatchProducer producer;

    DeadLetters(String topic, BatchProducer producer) {
        this.topic = topic;
        this.producer = producer;
    }

    /** Completes once the letter is acknowledged. */
    CompletableFuture<Void> write(InboundRecord record, int attemptsCount, Throwable reason) {
        var headers = new ArrayList<>(record.headers());
        headers.add(header("topic", record.partition().topic()));
        headers.add(header("partition", Integer.toString(record.partition().partition())));
        headers.add(header("offset", Long.toString(record.offset())));
        headers.add(header("attempts", Integer.toString(attemptsCount)));
        headers.add(header("error", reason.toString()));
        var letter = new OutboundRecord(
                topic,
                OptionalInt.empty(),
                wrapped(record.key()),
                wrapped(record.value()),
                headers,
                record.timestamp() < 0 ? OptionalLong.empty() : OptionalLong.of(record.timestamp()));
        var written = new CompletableFuture<Void>();
        try {
            var unused = producer.send(letter, (partition, offset, failure) -> {
                if (failure == null) {
                    written.complete(null);
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            written.completeExceptionally(e);
        }
        return written;
    }

    private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(PREFIX + name, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        producer.close();
    }
}
