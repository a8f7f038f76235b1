package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the assignment of a consumer into partitions: a version (int16), then of each topic its name (int16 length, UTF-8) and its
 * partitions (int32 count, int32 each), with an int32 count of topics before them. What follows is the assignor's own.
 */
final class AssignmentCodec {

    private AssignmentCodec() {}

    /** The partitions assigned; none if the bytes are something else. */
    static List<TopicPartition> partitions(ByteBuffer assignment) {
        var bytes = assignment.duplicate();
        var partitions = new ArrayList<TopicPartition>();
        try {
            if (!bytes.hasRemaining() || bytes.getShort() < 0) {
                return List.of();
            }
            for (var topics = bytes.getInt(); topics > 0; topics--) {
                var topic = text(bytes);
                for (var count = bytes.getInt(); count > 0; count--) {
                    partitions.add(new TopicPartition(topic, bytes.getInt()));
                }
            }
            return partitions;
        } catch (BufferUnderflowException e) {
            return List.of();
        }
    }

    private static String text(ByteBuffer bytes) {
        var length = bytes.getShort();
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        var name = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return StandardCharsets.UTF_8.decode(name).toString();
    }
}
