package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.GroupMetadataKey;
import io.thalweg.coordinator.group.record.GroupMetadataValue;
import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.coordinator.group.record.OffsetCommitValue;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into the bytes that Apache Kafka writes to {@code __consumer_offsets}, and back.
 *
 * <pre>
 * of   at  size  field   meaning
 * key   0     2  kind    0 or 1 an offset, 2 a classic group; others are left alone
 *       2     -  fields  as its schema says
 * value 0     2  version of the fields
 *       2     -  fields  as its schema says
 * </pre>
 */
public final class GroupRecords {

    private static final int PREFIX_BYTES = 2;
    private static final short LEGACY_OFFSET_KIND = 0;

    private GroupRecords() {}

    /** The key of a record. */
    public static ByteBuffer key(GroupRecord record) {
        var kind = record.key() instanceof OffsetCommitKey ? OffsetCommitKey.KEY : GroupMetadataKey.KEY;
        return encode(kind, record.key(), (short) 0);
    }

    /** The value of a record, or null for one that takes back. */
    public static @Nullable ByteBuffer value(GroupRecord record) {
        var value = record.value();
        return value == null ? null : encode(versionOf(value), value, versionOf(value));
    }

    /** The oldest version that holds all of it, so that older brokers can read it too; but for offsets never below 3. */
    private static short versionOf(Message value) {
        if (value instanceof OffsetCommitValue offset) {
            if (offset.expireTimestamp() != -1) {
                return 1;
            }
            return (short) (offset.topicId().equals(Message.ZERO_UUID) ? 3 : 4);
        }
        return 3;
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
        var kind = in.readInt16("key");
        return switch (kind) {
            case LEGACY_OFFSET_KIND, OffsetCommitKey.KEY ->
                Optional.of(
                        new GroupRecord(OffsetCommitKey.read(in, (short) 0), value(value, OffsetCommitValue::read)));
            case GroupMetadataKey.KEY ->
                Optional.of(
                        new GroupRecord(GroupMetadataKey.read(in, (short) 0), value(value, GroupMetadataValue::read)));
            default -> Optional.empty();
        };
    }

    /** Decodes the fields of a value. */
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
