package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The assignment of a member of a classic group of consumers: a version (int16), then its partitions ({@link TopicLists}), then the
 * assignor's own (int32 length, -1 for none).
 */
final class AssignmentCodec {

    private static final short VERSION = 3;
    private static final int NONE = -1;

    private AssignmentCodec() {}

    static ByteBuffer encode(Collection<TopicPartition> partitions) {
        var bytes = ByteBuffer.allocate(Short.BYTES + TopicLists.sizeInBytes(partitions) + Integer.BYTES)
                .putShort(VERSION);
        TopicLists.put(bytes, partitions);
        return bytes.putInt(NONE).flip();
    }

    /** The partitions assigned; none if the bytes are something else. */
    static List<TopicPartition> partitions(ByteBuffer assignment) {
        var bytes = assignment.duplicate();
        var partitions = new ArrayList<TopicPartition>();
        try {
            if (!bytes.hasRemaining() || bytes.getShort() < 0) {
                return List.of();
            }
            TopicLists.read(bytes, partitions);
            return partitions;
        } catch (BufferUnderflowException e) {
            return List.of();
        }
    }
}
