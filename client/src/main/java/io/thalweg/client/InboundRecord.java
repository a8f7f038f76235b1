package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record that was fetched. Its bytes are copies, and whoever polled it owns them. */
public final class InboundRecord {

    private final TopicPartition partition;
    private final long offset;
    private final long timestamp;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final List<RecordHeader> headers;

    /**
     * A record of these bytes, which are its own from now on.
     *
     * @param timestamp in epoch milliseconds, or -1
     */
    public InboundRecord(
            TopicPartition partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers) {
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    public TopicPartition partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    /** In epoch milliseconds, or -1. */
    public long timestamp() {
        return timestamp;
    }

    public byte @Nullable [] key() {
        return key;
    }

    public byte @Nullable [] value() {
        return value;
    }

    public List<RecordHeader> headers() {
        return headers;
    }
}
