package io.thalweg.coordinator.record;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Turns records into bytes, and images into other images.
 *
 * <pre>
 * at  size  field    meaning
 *  0     2  key      the kind of record
 *  2     2  version  of that kind
 *  4     -  fields   as its schema says
 * </pre>
 */
public final class MetadataRecords {

    private static final int HEADER_BYTES = 4;

    private MetadataRecords() {}

    public static ByteBuffer encode(Message record) {
        var type = RecordType.of(record);
        var buffer = ByteBuffer.allocate(HEADER_BYTES + record.sizeInBytes(type.version()));
        buffer.putShort(type.key()).putShort(type.version());
        record.write(new MessageWriter(buffer), type.version());
        return buffer.flip();
    }

    public static List<ByteBuffer> encode(List<Message> records) {
        return records.stream().map(MetadataRecords::encode).toList();
    }

    /**
     * Decodes a lent buffer.
     *
     * @throws UnreadableRecordException if it holds no record this version knows
     */
    public static Message decode(ByteBuffer buffer) {
        var in = new MessageReader(buffer.duplicate());
        try {
            var type = RecordType.of(in.readInt16("key"));
            var record = type.reader().read(in, in.readInt16("version"));
            in.expectEnd();
            return record;
        } catch (MalformedMessageException | IllegalArgumentException e) {
            throw new UnreadableRecordException("metadata record of " + buffer.remaining() + " bytes is unreadable", e);
        }
    }

    public static List<Message> decode(List<ByteBuffer> buffers) {
        return buffers.stream().map(MetadataRecords::decode).toList();
    }

    /** The image after a record. */
    public static MetadataImage replay(MetadataImage image, Message record) {
        return RecordType.of(record).replay(image, record);
    }

    /** The image after some records. */
    public static MetadataImage replay(MetadataImage image, List<Message> records) {
        var next = image;
        for (var record : records) {
            next = replay(next, record);
        }
        return next;
    }
}
