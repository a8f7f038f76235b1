package io.thalweg.api;

/**
 * Where a record was written.
 *
 * @param partition the partition
 * @param offset its place there; -1 if the broker did not say: with {@link Acks#NONE}, or for a batch that had been written before
 * @param timestampMillis since the epoch: what the record was sent with, or what the broker put in its place
 */
public record RecordMetadata(TopicPartition partition, long offset, long timestampMillis) {

    public boolean hasOffset() {
        return offset >= 0;
    }
}
