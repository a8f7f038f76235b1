package io.thalweg.api;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record to send.
 *
 * @param topic where it goes
 * @param partition which of the topic's; if empty the producer's partitioner chooses
 * @param key chooses the partition and is what compaction goes by; null for none
 * @param value null for a tombstone, which has compaction remove the key
 * @param headers what travels with it
 * @param timestampMillis since the epoch; the time of sending if empty
 */
public record ProducerRecord<K, V>(
        String topic,
        OptionalInt partition,
        @Nullable K key,
        @Nullable V value,
        Headers headers,
        OptionalLong timestampMillis) {

    /** Refuses a topic without a name, a partition or a time below 0. */
    public ProducerRecord {
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("record for a topic without a name");
        }
        if (partition.isPresent() && partition.getAsInt() < 0) {
            throw new IllegalArgumentException("partition " + partition.getAsInt() + "; expected 0 or more");
        }
        if (timestampMillis.isPresent() && timestampMillis.getAsLong() < 0) {
            throw new IllegalArgumentException(
                    "timestamp of " + timestampMillis.getAsLong() + " ms; expected 0 or more");
        }
        Objects.requireNonNull(headers, "headers");
    }

    /** A record without a key. */
    public static <K, V> ProducerRecord<K, V> of(String topic, @Nullable V value) {
        return of(topic, null, value);
    }

    /** A record with a key. */
    public static <K, V> ProducerRecord<K, V> of(String topic, @Nullable K key, @Nullable V value) {
        return new ProducerRecord<>(topic, OptionalInt.empty(), key, value, Headers.NONE, OptionalLong.empty());
    }

    /** The same for this partition, whatever the key. */
    public ProducerRecord<K, V> withPartition(int newPartition) {
        return new ProducerRecord<>(topic, OptionalInt.of(newPartition), key, value, headers, timestampMillis);
    }

    /** The same with this time, kept in milliseconds. */
    public ProducerRecord<K, V> withTimestamp(Instant time) {
        return new ProducerRecord<>(topic, partition, key, value, headers, OptionalLong.of(time.toEpochMilli()));
    }

    /** The same with one header more. */
    public ProducerRecord<K, V> withHeader(Header header) {
        return withHeaders(headers.with(header));
    }

    /** The same with these headers and no others. */
    public ProducerRecord<K, V> withHeaders(Headers newHeaders) {
        return new ProducerRecord<>(topic, partition, key, value, newHeaders, timestampMillis);
    }
}
