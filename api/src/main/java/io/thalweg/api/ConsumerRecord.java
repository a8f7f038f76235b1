package io.thalweg.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read. It holds copies: it stays as it is for as long as it is kept.
 *
 * @param partition where it was read
 * @param offset its place there
 * @param timestampMillis since the epoch, as the topic's {@code message.timestamp.type} says: when it was made or when it was written; -1
 *     if it has none
 * @param key null if it has none
 * @param value null of a tombstone
 * @param headers what travelled with it
 */
public record ConsumerRecord<K, V>(
        TopicPartition partition,
        long offset,
        long timestampMillis,
        @Nullable K key,
        @Nullable V value,
        Headers headers) {

    /** The name of its topic. */
    public String topic() {
        return partition.topic();
    }

    /** Its time; the epoch's last millisecond before 1970 if it has none. */
    public Instant timestamp() {
        return Instant.ofEpochMilli(timestampMillis);
    }
}
