package io.thalweg.coordinator.group;

import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.MessageReader;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads which topics consumers subscribe to out of what they say under a protocol.
 *
 * <pre>
 * at  size  field    meaning
 *  0     2  version  of the subscription; later fields of newer versions are not read
 *  2     4  count    of topics
 *  6     -  topics   strings of two bytes of length and UTF-8
 * </pre>
 */
final class Subscriptions {

    private Subscriptions() {}

    /** The topics that the members of a group of consumers subscribe to; empty if it has none or a member says what cannot be read. */
    static Optional<SortedSet<String>> of(ClassicGroup group) {
        if (!group.isOfConsumers() || group.protocolName() == null) {
            return Optional.empty();
        }
        SortedSet<String> topics = new TreeSet<>();
        try {
            for (var member : group.members()) {
                read(member.metadata(group.protocolName()), topics);
            }
            return Optional.of(topics);
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    private static void read(ByteBuffer subscription, SortedSet<String> topics) {
        var in = new MessageReader(subscription);
        in.readInt16("version");
        var count = in.readCount(false, Short.BYTES, "topics");
        for (var index = 0; index < count; index++) {
            topics.add(in.readString(false, "topic"));
        }
    }
}
