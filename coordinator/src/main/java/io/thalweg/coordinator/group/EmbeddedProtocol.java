package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads and writes what consumers tell each other within the classic protocol; pure functions.
 *
 * <pre>
 * subscription: version int16, topics []string, user data bytes?, from 1 on: owned []{topic string, partitions []int32}; later ones are
 *               not read
 * assignment:   version int16, assigned []{topic string, partitions []int32}, user data bytes?
 * </pre>
 */
final class EmbeddedProtocol {

    private static final short OWNED_VERSION = 1;
    private static final short LAST_ASSIGNMENT_VERSION = 3;
    private static final int PARTITIONS_BYTES = Short.BYTES + Integer.BYTES;

    private EmbeddedProtocol() {}

    /**
     * What a member subscribes to.
     *
     * @param owned what it still uses
     */
    record Subscription(short version, SortedSet<String> topics, AssignedPartitions owned) {}

    /** @throws MalformedMessageException if it is not what a consumer says */
    static Subscription subscription(ByteBuffer metadata, MetadataImage image) {
        var in = new MessageReader(metadata.duplicate());
        var version = in.readInt16("version");
        var topics = new TreeSet<String>();
        var count = in.readCount(false, Short.BYTES, "topics");
        for (var index = 0; index < count; index++) {
            topics.add(in.readString(false, "topic"));
        }
        in.readNullableBytes(false, "user data");
        return new Subscription(
                version, topics, version < OWNED_VERSION ? AssignedPartitions.NONE : partitions(in, image));
    }

    private static AssignedPartitions partitions(MessageReader in, MetadataImage image) {
        var builder = new AssignedPartitions.Builder();
        var count = in.readCount(false, PARTITIONS_BYTES, "partitions");
        for (var index = 0; index < count; index++) {
            var topic = image.topic(in.readString(false, "topic"));
            var numbers = Objects.requireNonNull(in.readInt32List(in.readCount(false, Integer.BYTES, "numbers")));
            topic.ifPresent(found -> numbers.forEach(number -> builder.add(found.id(), number, 0)));
        }
        return builder.build();
    }

    /**
     * What a leader has assigned to a member; empty bytes are nothing.
     *
     * @throws MalformedMessageException if it is not what a consumer says, or more than the broker could say
     */
    static AssignedPartitions assignment(ByteBuffer assignment, MetadataImage image) {
        if (!assignment.hasRemaining()) {
            return AssignedPartitions.NONE;
        }
        var in = new MessageReader(assignment.duplicate());
        in.readInt16("version");
        var assigned = partitions(in, image);
        var userData = in.readNullableBytes(false, "user data");
        if (userData != null && userData.hasRemaining()) {
            throw new MalformedMessageException("the assignment has " + userData.remaining()
                    + " bytes of a leader's own, which a broker cannot make");
        }
        return assigned;
    }

    /** The assignment as a member of this version reads it. */
    static ByteBuffer assignment(AssignedPartitions assigned, short version, MetadataImage image) {
        var topics = assigned.topics().stream()
                .filter(id -> image.topic(id).isPresent())
                .toList();
        var bytes = new ByteArrayOutputStream();
        write(bytes, Short.BYTES, out -> out.writeInt16((short) Math.min(version, LAST_ASSIGNMENT_VERSION)));
        write(bytes, Integer.BYTES, out -> out.writeInt32(topics.size()));
        for (var id : topics) {
            var name = image.topic(id).orElseThrow().name();
            var numbers = List.copyOf(assigned.of(id).keySet());
            var nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
            write(bytes, Short.BYTES + nameBytes, out -> out.writeString(false, name));
            write(bytes, Integer.BYTES * (numbers.size() + 1), out -> out.writeInt32List(false, numbers));
        }
        write(bytes, Integer.BYTES, out -> out.writeBytes(false, null));
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Writes one field. */
    private interface Field {
        void write(MessageWriter out);
    }

    private static void write(ByteArrayOutputStream bytes, int size, Field field) {
        var buffer = ByteBuffer.allocate(size);
        field.write(new MessageWriter(buffer));
        bytes.writeBytes(buffer.array());
    }
}
