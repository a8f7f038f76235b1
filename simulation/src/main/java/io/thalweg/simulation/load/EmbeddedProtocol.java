package io.thalweg.simulation.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What consumers tell each other within the classic protocol, of one topic, in version 1; pure functions. */
final class EmbeddedProtocol {

    private static final short VERSION = 1;
    private static final int NO_USER_DATA = -1;

    private EmbeddedProtocol() {}

    /** That a member wants a topic, of which it holds nothing. */
    static ByteBuffer subscription(String topic) {
        var name = topic.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Short.BYTES + Integer.BYTES + Short.BYTES + name.length + 2 * Integer.BYTES)
                .putShort(VERSION)
                .putInt(1)
                .putShort((short) name.length)
                .put(name)
                .putInt(NO_USER_DATA)
                .putInt(0)
                .flip();
    }

    /** That a member has these partitions of a topic. */
    static ByteBuffer assignment(String topic, Collection<Integer> partitions) {
        var name = topic.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(2 * Short.BYTES + name.length + Integer.BYTES * (partitions.size() + 3));
        bytes.putShort(VERSION)
                .putInt(1)
                .putShort((short) name.length)
                .put(name)
                .putInt(partitions.size());
        partitions.forEach(bytes::putInt);
        return bytes.putInt(NO_USER_DATA).flip();
    }

    /** The partitions of the one topic there is. */
    static Set<Integer> partitions(ByteBuffer assignment) {
        var partitions = new TreeSet<Integer>();
        var in = assignment.duplicate();
        if (!in.hasRemaining()) {
            return partitions;
        }
        in.getShort();
        for (var topics = in.getInt(); topics > 0; topics--) {
            var nameBytes = in.getShort();
            in.position(in.position() + nameBytes);
            for (var count = in.getInt(); count > 0; count--) {
                partitions.add(in.getInt());
            }
        }
        return partitions;
    }
}
