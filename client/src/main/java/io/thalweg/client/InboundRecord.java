package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was fetched. Its buffers are lent until the next {@link PartitionConsumer#poll}; they are for reading only.
 *
 * @param timestamp in epoch milliseconds, or -1
 */
public record InboundRecord(
        TopicPartition partition,
        long offset,
        long timestamp,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {}
