package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What a member of a classic group of consumers says of itself when it joins, in bytes that the broker does not look into:
 *
 * <pre>
 * version     int16   3; what a later one adds comes behind, and what an earlier one lacks is left out
 * topics      int32 count, each int16 length and UTF-8
 * user data   int32 length, -1 for none; the assignor's own
 * owned       int32 count of topics, each with its name and its partitions: int32 count, int32 each      from version 1 on
 * generation  int32   the one that what is owned was assigned in, -1 for none                            from version 2 on
 * rack        int16 length, -1 for none                                                                 from version 3 on
 * </pre>
 */
final class SubscriptionCodec {

    private static final short VERSION = 3;
    private static final int NONE = -1;
    private static final int FIXED_BYTES = 2 + 4 + 4 + 4 + 4 + 2;

    private SubscriptionCodec() {}

    /** What the bytes say. */
    record Said(Set<String> topics, Set<TopicPartition> owned, int generation) {}

    static ByteBuffer encode(Collection<String> topics, Collection<TopicPartition> owned, int generation) {
        var size =
                FIXED_BYTES + topics.stream().mapToInt(TopicLists::sizeOfText).sum() + TopicLists.sizeInBytes(owned);
        var bytes = ByteBuffer.allocate(size).putShort(VERSION).putInt(topics.size());
        topics.forEach(topic -> TopicLists.putText(bytes, topic));
        bytes.putInt(NONE);
        TopicLists.put(bytes, owned);
        return bytes.putInt(generation).putShort((short) NONE).flip();
    }

    /** As far as it can be read: a member that says something else wants nothing. */
    static Said decode(ByteBuffer subscription) {
        var bytes = subscription.duplicate();
        var topics = new HashSet<String>();
        var owned = new HashSet<TopicPartition>();
        try {
            var version = bytes.getShort();
            for (var count = bytes.getInt(); count > 0; count--) {
                topics.add(TopicLists.text(bytes));
            }
            skipUserData(bytes);
            if (version >= 1) {
                TopicLists.read(bytes, owned);
            }
            return new Said(topics, owned, version >= 2 ? bytes.getInt() : NONE);
        } catch (BufferUnderflowException e) {
            return new Said(topics, Set.of(), NONE);
        }
    }

    private static void skipUserData(ByteBuffer bytes) {
        var length = Math.max(0, bytes.getInt());
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + length);
    }
}
