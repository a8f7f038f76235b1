package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a batch. Key, value and header values are slices: of the batch's buffer, and valid as long as that is, if the batch
 * is not compressed; else of memory of their own. They are for reading only.
 *
 * @param offset its place in the log
 * @param timestamp in epoch milliseconds, or {@link RecordBatch#NO_TIMESTAMP}
 * @param key the key, or null
 * @param value the value, or null
 * @param headers the headers in their order; keys may repeat
 */
public record RecordView(
        long offset,
        long timestamp,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {

    /** Copies the list of headers unless it is immutable already. */
    public RecordView {
        headers = List.copyOf(headers);
    }
}
