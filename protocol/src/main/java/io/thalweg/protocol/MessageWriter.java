package io.thalweg.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values messages are made of to a buffer, at its position. Confined to the thread that writes the message.
 *
 * <p>Without a sink, record sets are copied to the target and must be {@link BufferRecords}. With a sink only their
 * lengths are written, and the target needs that much less room than {@link Message#sizeInBytes} says.
 */
public final class MessageWriter {

    /** The longest string the protocol knows, in bytes. */
    static final int MAX_STRING_BYTES = Short.MAX_VALUE;

    private final ByteBuffer target;
    private final @Nullable RecordsSink sink;

    /** A writer that copies record sets. */
    public MessageWriter(ByteBuffer target) {
        this.target = Objects.requireNonNull(target, "target");
        this.sink = null;
    }

    /** A writer that hands record sets to the sink. */
    public MessageWriter(ByteBuffer target, RecordsSink sink) {
        this.target = Objects.requireNonNull(target, "target");
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    /** What to throw when a field holds something that the written version has no place for. */
    public static IllegalArgumentException notInVersion(String field, short version) {
        return new IllegalArgumentException(field + " is set, but version " + version + " does not have it");
    }

    /** What to throw when a field is null that the written version does not let be null. */
    public static IllegalArgumentException nullInVersion(String field, short version) {
        return new IllegalArgumentException(field + " is null, which version " + version + " does not allow");
    }

    /** Writes one byte, 0 or 1. */
    public void writeBool(boolean value) {
        target.put((byte) (value ? 1 : 0));
    }

    /** Writes one byte. */
    public void writeInt8(byte value) {
        target.put(value);
    }

    /** Writes two bytes. */
    public void writeInt16(short value) {
        target.putShort(value);
    }

    /** Writes two bytes, from a number between 0 and 65535. */
    public void writeUint16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException("number " + value + " is not within 0 to 65535");
        }
        target.putShort((short) value);
    }

    /** Writes four bytes. */
    public void writeInt32(int value) {
        target.putInt(value);
    }

    /** Writes eight bytes. */
    public void writeInt64(long value) {
        target.putLong(value);
    }

    /** Writes eight bytes. */
    public void writeFloat64(double value) {
        target.putDouble(value);
    }

    /** Writes sixteen bytes. */
    public void writeUuid(UUID value) {
        target.putLong(value.getMostSignificantBits());
        target.putLong(value.getLeastSignificantBits());
    }

    /** Writes seven bits a byte, the lowest first. */
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    /** Writes whether a struct that may be null follows. */
    public void writePresence(@Nullable Object struct) {
        target.put((byte) (struct == null ? -1 : 1));
    }

    /** Writes the tag and the length of a tagged field. */
    public void writeTag(int tag, int contentBytes) {
        writeUnsignedVarint(tag);
        writeUnsignedVarint(contentBytes);
    }

    /** Writes a string with its length, or null. */
    public void writeString(boolean flexible, @Nullable String value) {
        if (value == null) {
            writeStringLength(flexible, -1);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_STRING_BYTES) {
            throw new IllegalArgumentException(
                    "string of " + utf8.length + " bytes is longer than " + MAX_STRING_BYTES);
        }
        writeStringLength(flexible, utf8.length);
        target.put(utf8);
    }

    /** Writes bytes with their length, or null. */
    public void writeBytes(boolean flexible, @Nullable ByteBuffer value) {
        if (value == null) {
            writeLength(flexible, -1);
            return;
        }
        writeLength(flexible, value.remaining());
        target.put(value.duplicate());
    }

    /** Writes the length of record batches and copies them, or hands them to the sink. */
    public void writeRecords(boolean flexible, @Nullable Records value) {
        int length = value == null ? -1 : value.sizeInBytes();
        writeLength(flexible, length);
        if (value == null || length == 0) {
            return;
        }
        if (sink != null) {
            sink.accept(target.position(), value);
        } else if (value instanceof BufferRecords inBuffer) {
            target.put(inBuffer.bytes().duplicate());
        } else {
            throw new IllegalArgumentException(
                    "records of " + value.getClass().getName() + " are written through a sink only");
        }
    }

    /** Writes the count that stands before the elements of a list, or of null. */
    public void writeCount(boolean flexible, @Nullable List<?> list) {
        writeLength(flexible, list == null ? -1 : list.size());
    }

    /** Writes a list, or null. */
    public void writeInt8List(boolean flexible, @Nullable List<Byte> list) {
        writeCount(flexible, list);
        for (int i = 0; list != null && i < list.size(); i++) {
            target.put(list.get(i));
        }
    }

    /** Writes a list, or null. */
    public void writeInt16List(boolean flexible, @Nullable List<Short> list) {
        writeCount(flexible, list);
        for (int i = 0; list != null && i < list.size(); i++) {
            target.putShort(list.get(i));
        }
    }

    /** Writes a list, or null. */
    public void writeInt32List(boolean flexible, @Nullable List<Integer> list) {
        writeCount(flexible, list);
        for (int i = 0; list != null && i < list.size(); i++) {
            target.putInt(list.get(i));
        }
    }

    /** Writes a list, or null. */
    public void writeInt64List(boolean flexible, @Nullable List<Long> list) {
        writeCount(flexible, list);
        for (int i = 0; list != null && i < list.size(); i++) {
            target.putLong(list.get(i));
        }
    }

    /** Writes a list, or null. */
    public void writeUuidList(boolean flexible, @Nullable List<UUID> list) {
        writeCount(flexible, list);
        for (int i = 0; list != null && i < list.size(); i++) {
            writeUuid(list.get(i));
        }
    }

    /** Writes a list, or null. */
    public void writeStringList(boolean flexible, @Nullable List<String> list) {
        writeCount(flexible, list);
        for (int i = 0; list != null && i < list.size(); i++) {
            writeString(flexible, Objects.requireNonNull(list.get(i), "element of a list"));
        }
    }

    private void writeStringLength(boolean flexible, int length) {
        if (flexible) {
            writeUnsignedVarint(length + 1);
        } else {
            target.putShort((short) length);
        }
    }

    private void writeLength(boolean flexible, int length) {
        if (flexible) {
            writeUnsignedVarint(length + 1);
        } else {
            target.putInt(length);
        }
    }
}
