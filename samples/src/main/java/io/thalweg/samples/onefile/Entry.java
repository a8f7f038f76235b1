package io.thalweg.samples.onefile;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * One change of one log, as it is written to the journal and replayed from it.
 *
 * <pre>
 *  0  1  code of the kind
 *  1  8  offset          the base offset of a batch; where to cut; what a checkpoint covers
 *  9  8  last offset     of a batch, else 0
 * 17  8  max timestamp   of a batch, else 0
 * 25 16  topic id
 * 41  4  partition
 * 45  2  length of the topic's name
 * 47  2  length of the checkpoint's name
 * 49     both names in UTF-8, then the payload
 * </pre>
 *
 * @param name of a checkpoint, else empty
 * @param payload the bytes of a batch or checkpoint, else empty
 */
record Entry(Kind kind, LogId id, long offset, long lastOffset, long maxTimestamp, String name, ByteBuffer payload) {

    private static final int FIXED_BYTES = 49;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What changes. */
    enum Kind {
        BATCH(1),
        TRUNCATE(2),
        START(3),
        DELETE(4),
        CHECKPOINT(5),
        REMOVE_CHECKPOINTS(6);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Kind of(byte code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElseThrow(() -> new StorageException.Corrupt(
                            "entry of kind " + code + ": expected 1 to " + values().length, null));
        }
    }

    static Entry cut(Kind kind, LogId id, long offset) {
        return new Entry(kind, id, offset, 0, 0, "", NOTHING);
    }

    ByteBuffer encode() {
        var topic = id.topic().getBytes(StandardCharsets.UTF_8);
        var named = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(FIXED_BYTES + topic.length + named.length + payload.remaining())
                .put(kind.code)
                .putLong(offset)
                .putLong(lastOffset)
                .putLong(maxTimestamp)
                .putLong(id.topicId().getMostSignificantBits())
                .putLong(id.topicId().getLeastSignificantBits())
                .putInt(id.partition())
                .putShort((short) topic.length)
                .putShort((short) named.length)
                .put(topic)
                .put(named)
                .put(payload.duplicate())
                .flip();
    }

    /** Reads what {@link #encode} wrote; the bytes were checked before. */
    static Entry decode(ByteBuffer from) {
        var kind = Kind.of(from.get());
        var offset = from.getLong();
        var lastOffset = from.getLong();
        var maxTimestamp = from.getLong();
        var topicId = new UUID(from.getLong(), from.getLong());
        var partition = from.getInt();
        var topic = new byte[from.getShort()];
        var named = new byte[from.getShort()];
        from.get(topic).get(named);
        var id = new LogId(new String(topic, StandardCharsets.UTF_8), topicId, partition);
        return new Entry(
                kind, id, offset, lastOffset, maxTimestamp, new String(named, StandardCharsets.UTF_8), from.slice());
    }
}
