package io.thalweg.client;

import io.thalweg.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record to send. Its buffers are lent until {@link BatchProducer#send} returns.
 *
 * @param partition where it goes; if empty the key decides as in Kafka's clients, and without a key partitions take turns by batch
 * @param timestamp in epoch milliseconds; the time of sending if empty
 */
public record OutboundRecord(
        String topic,
        OptionalInt partition,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers,
        OptionalLong timestamp) {

    /** Copies the list of headers. */
    public OutboundRecord {
        headers = List.copyOf(headers);
    }

    /** A record whose key chooses the partition. */
    public static OutboundRecord of(String topic, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return new OutboundRecord(topic, OptionalInt.empty(), key, value, List.of(), OptionalLong.empty());
    }
}
