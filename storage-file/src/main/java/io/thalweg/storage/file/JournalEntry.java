package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a journal notes of one log. Confined to one call.
 *
 * <pre>
 * at  size  field
 *  0     1  kind: 1 bytes of a segment; 2 the log left: entries about it in earlier blocks, and before this one, are void
 *  1    16  topic id
 * 17     4  partition
 * 21     2  length of the topic's name
 * 23     n  the topic's name
 *           for kind 1 only:
 *  -     8  base offset of the segment
 *  -     4  position in the segment
 *  -     4  number of bytes
 *  -     -  the bytes
 * </pre>
 *
 * @param id the log
 * @param isBytes whether it is bytes of a segment, else the log left
 * @param baseOffset of the segment
 * @param position in the segment
 * @param bytes of the segment, from that position on
 */
record JournalEntry(LogId id, boolean isBytes, long baseOffset, int position, ByteBuffer bytes) {

    private static final byte BYTES = 1;
    private static final byte LEFT = 2;
    private static final int FIXED_BYTES = 23;
    private static final int PLACE_BYTES = 16;

    /** Bytes that an entry of a log takes up besides those of the segment. */
    static int overhead(LogId id) {
        return overheadOf(id.topic().length());
    }

    /** The same by the length of the topic's name. */
    static int overheadOf(int nameLength) {
        return FIXED_BYTES + nameLength + PLACE_BYTES;
    }

    /** Puts everything but the bytes of a segment, which follow. */
    static void putBytes(ByteBuffer target, LogId id, long baseOffset, int position, int count) {
        putLog(target, BYTES, id);
        target.putLong(baseOffset).putInt(position).putInt(count);
    }

    static void putLeft(ByteBuffer target, LogId id) {
        putLog(target, LEFT, id);
    }

    private static void putLog(ByteBuffer target, byte kind, LogId id) {
        var name = id.topic().getBytes(StandardCharsets.US_ASCII);
        target.put(kind)
                .putLong(id.topicId().getMostSignificantBits())
                .putLong(id.topicId().getLeastSignificantBits())
                .putInt(id.partition())
                .putShort((short) name.length)
                .put(name);
    }

    /** Takes the next entry; its CRC was right, so its fields are. */
    static JournalEntry next(ByteBuffer source) {
        var kind = source.get();
        var topicId = new UUID(source.getLong(), source.getLong());
        var partition = source.getInt();
        var name = new byte[source.getShort()];
        source.get(name);
        var id = new LogId(new String(name, StandardCharsets.US_ASCII), topicId, partition);
        if (kind == LEFT) {
            return new JournalEntry(id, false, 0, 0, ByteBuffer.allocate(0));
        }
        var baseOffset = source.getLong();
        var position = source.getInt();
        var count = source.getInt();
        var bytes = source.slice(source.position(), count);
        source.position(source.position() + count);
        return new JournalEntry(id, true, baseOffset, position, bytes);
    }
}
