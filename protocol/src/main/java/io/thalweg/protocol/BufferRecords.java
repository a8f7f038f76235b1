package io.thalweg.protocol;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Record batches in a buffer, from its position to its limit.
 *
 * @param bytes lent, valid as long as the frame it was cut from; its position and limit are not changed by anyone
 */
public record BufferRecords(ByteBuffer bytes) implements Records {

    /** No record batch at all. */
    public static final BufferRecords EMPTY = new BufferRecords(Message.NO_BYTES);

    /** Record batches in this buffer. */
    public BufferRecords {
        Objects.requireNonNull(bytes, "bytes");
    }

    @Override
    public int sizeInBytes() {
        return bytes.remaining();
    }
}
