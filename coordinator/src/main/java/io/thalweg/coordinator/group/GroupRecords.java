package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.ConsumerGroupCurrentMemberAssignmentKey;
import io.thalweg.coordinator.group.record.ConsumerGroupCurrentMemberAssignmentValue;
import io.thalweg.coordinator.group.record.ConsumerGroupMemberMetadataKey;
import io.thalweg.coordinator.group.record.ConsumerGroupMemberMetadataValue;
import io.thalweg.coordinator.group.record.ConsumerGroupMetadataKey;
import io.thalweg.coordinator.group.record.ConsumerGroupMetadataValue;
import io.thalweg.coordinator.group.record.ConsumerGroupRegularExpressionKey;
import io.thalweg.coordinator.group.record.ConsumerGroupRegularExpressionValue;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMemberKey;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMemberValue;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMetadataKey;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMetadataValue;
import io.thalweg.coordinator.group.record.GroupMetadataKey;
import io.thalweg.coordinator.group.record.GroupMetadataValue;
import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.coordinator.group.record.OffsetCommitValue;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into the bytes that Apache Kafka writes to {@code __consumer_offsets}, and back.
 *
 * <pre>
 * of   at  size  field   meaning
 * key   0     2  kind    0 or 1 an offset, 2 a classic group, 3 and 5 to 8 and 16 a consumer group; others are left alone
 *       2     -  fields  as its schema says
 * value 0     2  version of the fields
 *       2     -  fields  as its schema says
 * </pre>
 */
public final class GroupRecords {

    private static final int PREFIX_BYTES = 2;
    private static final short LEGACY_OFFSET_KIND = 0;

    private GroupRecords() {}

    /** A kind of record: what its key and its value are read with. */
    private record Kind(short code, Class<? extends Message> keyType, Reader key, Reader value) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(OffsetCommitKey.KEY, OffsetCommitKey.class, OffsetCommitKey::read, OffsetCommitValue::read),
            new Kind(GroupMetadataKey.KEY, GroupMetadataKey.class, GroupMetadataKey::read, GroupMetadataValue::read),
            new Kind(
                    ConsumerGroupMetadataKey.KEY,
                    ConsumerGroupMetadataKey.class,
                    ConsumerGroupMetadataKey::read,
                    ConsumerGroupMetadataValue::read),
            new Kind(
                    ConsumerGroupMemberMetadataKey.KEY,
                    ConsumerGroupMemberMetadataKey.class,
                    ConsumerGroupMemberMetadataKey::read,
                    ConsumerGroupMemberMetadataValue::read),
            new Kind(
                    ConsumerGroupTargetAssignmentMetadataKey.KEY,
                    ConsumerGroupTargetAssignmentMetadataKey.class,
                    ConsumerGroupTargetAssignmentMetadataKey::read,
                    ConsumerGroupTargetAssignmentMetadataValue::read),
            new Kind(
                    ConsumerGroupTargetAssignmentMemberKey.KEY,
                    ConsumerGroupTargetAssignmentMemberKey.class,
                    ConsumerGroupTargetAssignmentMemberKey::read,
                    ConsumerGroupTargetAssignmentMemberValue::read),
            new Kind(
                    ConsumerGroupCurrentMemberAssignmentKey.KEY,
                    ConsumerGroupCurrentMemberAssignmentKey.class,
                    ConsumerGroupCurrentMemberAssignmentKey::read,
                    ConsumerGroupCurrentMemberAssignmentValue::read),
            new Kind(
                    ConsumerGroupRegularExpressionKey.KEY,
                    ConsumerGroupRegularExpressionKey.class,
                    ConsumerGroupRegularExpressionKey::read,
                    ConsumerGroupRegularExpressionValue::read));

    /** The key of a record. */
    public static ByteBuffer key(GroupRecord record) {
        var kind = KINDS.stream()
                .filter(each -> each.keyType().isInstance(record.key()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(record + " is not a record of a group"));
        return encode(kind.code(), record.key(), (short) 0);
    }

    /** The group that a record of the consumer protocol is about. */
    static String consumerGroupOf(GroupRecord record) {
        if (record.key() instanceof ConsumerGroupMetadataKey key) {
            return key.group();
        } else if (record.key() instanceof ConsumerGroupMemberMetadataKey key) {
            return key.group();
        } else if (record.key() instanceof ConsumerGroupTargetAssignmentMetadataKey key) {
            return key.group();
        } else if (record.key() instanceof ConsumerGroupTargetAssignmentMemberKey key) {
            return key.group();
        } else if (record.key() instanceof ConsumerGroupCurrentMemberAssignmentKey key) {
            return key.group();
        } else if (record.key() instanceof ConsumerGroupRegularExpressionKey key) {
            return key.group();
        }
        throw new IllegalArgumentException(record + " is not about a consumer group");
    }

    /** The value of a record, or null for one that takes back. */
    public static @Nullable ByteBuffer value(GroupRecord record) {
        var value = record.value();
        return value == null ? null : encode(versionOf(value), value, versionOf(value));
    }

    /** The oldest version that holds all of it, so that older brokers can read it too; of offsets and classic groups never below 3. */
    private static short versionOf(Message value) {
        if (value instanceof OffsetCommitValue offset) {
            if (offset.expireTimestamp() != -1) {
                return 1;
            }
            return (short) (offset.topicId().equals(Message.ZERO_UUID) ? 3 : 4);
        }
        return (short) (value instanceof GroupMetadataValue ? 3 : 0);
    }

    private static ByteBuffer encode(short prefix, Message message, short version) {
        var buffer = ByteBuffer.allocate(PREFIX_BYTES + message.sizeInBytes(version));
        buffer.putShort(prefix);
        message.write(new MessageWriter(buffer), version);
        return buffer.flip();
    }

    /**
     * Decodes lent buffers; empty for a kind of record that this version leaves alone.
     *
     * @throws MalformedMessageException if the bytes are not what their version says
     */
    public static Optional<GroupRecord> decode(ByteBuffer key, @Nullable ByteBuffer value) {
        var in = new MessageReader(key.duplicate());
        var prefix = in.readInt16("key");
        var code = prefix == LEGACY_OFFSET_KIND ? OffsetCommitKey.KEY : prefix;
        // No stream: a coordinator that is loaded does this for each record, before any of it is compiled well.
        for (var kind : KINDS) {
            if (kind.code() == code) {
                return Optional.of(new GroupRecord(kind.key().read(in, (short) 0), value(value, kind.value())));
            }
        }
        return Optional.empty();
    }

    /** Decodes the fields of a key or a value. */
    private interface Reader {
        Message read(MessageReader in, short version);
    }

    private static @Nullable Message value(@Nullable ByteBuffer value, Reader reader) {
        if (value == null) {
            return null;
        }
        var in = new MessageReader(value.duplicate());
        return reader.read(in, in.readInt16("version"));
    }
}
