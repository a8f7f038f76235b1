package io.thalweg.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values messages are made of from one frame, from its position on. Confined to the thread that decodes.
 *
 * <p>The bytes are not trusted: each length and count is checked against the bytes left before anything is allocated for
 * it, so a frame never costs more than a small multiple of its own size. All methods throw
 * {@link MalformedMessageException}, naming the field they were asked for.
 */
public final class MessageReader {

    /** The most elements a list may have. */
    public static final int MAX_LIST_COUNT = 1_000_000;

    /** The most tagged fields a struct may have. */
    public static final int MAX_TAGGED_FIELD_COUNT = 10_000;

    private static final int NULL = -1;
    private static final char REPLACEMENT = '\uFFFD';

    private final ByteBuffer source;

    /** A reader of a lent buffer, whose position moves as values are read. */
    public MessageReader(ByteBuffer source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    /** How many bytes have not been read yet. */
    public int remaining() {
        return source.remaining();
    }

    /** Refuses bytes that follow a whole message. */
    public void expectEnd() {
        if (source.hasRemaining()) {
            throw new MalformedMessageException(
                    source.remaining() + " bytes follow the end of the message at byte " + source.position());
        }
    }

    /** Reads one byte; anything but 0 is true. */
    public boolean readBool(String field) {
        require(1, field);
        return source.get() != 0;
    }

    /** Reads one byte. */
    public byte readInt8(String field) {
        require(Byte.BYTES, field);
        return source.get();
    }

    /** Reads two bytes. */
    public short readInt16(String field) {
        require(Short.BYTES, field);
        return source.getShort();
    }

    /** Reads two bytes as a number between 0 and 65535. */
    public int readUint16(String field) {
        return Short.toUnsignedInt(readInt16(field));
    }

    /** Reads four bytes. */
    public int readInt32(String field) {
        require(Integer.BYTES, field);
        return source.getInt();
    }

    /** Reads eight bytes. */
    public long readInt64(String field) {
        require(Long.BYTES, field);
        return source.getLong();
    }

    /** Reads eight bytes. */
    public double readFloat64(String field) {
        require(Double.BYTES, field);
        return source.getDouble();
    }

    /** Reads sixteen bytes. */
    public UUID readUuid(String field) {
        require(2 * Long.BYTES, field);
        return uuid();
    }

    /** Reads at most five bytes of seven bits each, the lowest first; the result is an unsigned number. */
    public int readUnsignedVarint(String field) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = readInt8(field);
            if (shift == 28 && (next & 0xf0) != 0) {
                break;
            }
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException(field + ": a variable-length number is longer than 32 bits");
    }

    /** Reads whether a struct that may be null follows. */
    public boolean readPresence(String field) {
        byte presence = readInt8(field);
        if (presence != 1 && presence != NULL) {
            throw new MalformedMessageException(
                    field + ": presence " + presence + " read, expected 1 (follows) or -1 (null)");
        }
        return presence == 1;
    }

    /** Reads a string that is not null. */
    public String readString(boolean flexible, String field) {
        return string(notNull(stringLength(flexible, field), field), field);
    }

    /** Reads a string or null. */
    public @Nullable String readNullableString(boolean flexible, String field) {
        int length = stringLength(flexible, field);
        return length == NULL ? null : string(length, field);
    }

    /** Reads bytes that are not null: a slice of the frame. */
    public ByteBuffer readBytes(boolean flexible, String field) {
        return slice(notNull(length(flexible, field), field));
    }

    /** Reads bytes, a slice of the frame, or null. */
    public @Nullable ByteBuffer readNullableBytes(boolean flexible, String field) {
        int length = length(flexible, field);
        return length == NULL ? null : slice(length);
    }

    /** Reads record batches that are not null: a slice of the frame. */
    public Records readRecords(boolean flexible, String field) {
        return new BufferRecords(readBytes(flexible, field));
    }

    /** Reads record batches, a slice of the frame, or null. */
    public @Nullable Records readNullableRecords(boolean flexible, String field) {
        ByteBuffer bytes = readNullableBytes(flexible, field);
        return bytes == null ? null : new BufferRecords(bytes);
    }

    /** Reads the count of a list that is not null, whose elements take at least so many bytes each. */
    public int readCount(boolean flexible, int minElementBytes, String field) {
        return notNull(readNullableCount(flexible, minElementBytes, field), field);
    }

    /** Reads the count of a list whose elements take at least so many bytes each, or -1 for null. */
    public int readNullableCount(boolean flexible, int minElementBytes, String field) {
        int count = rawLength(flexible, field);
        if (count > MAX_LIST_COUNT) {
            throw new MalformedMessageException(
                    field + ": count " + count + " read, expected at most " + MAX_LIST_COUNT);
        }
        if ((long) count * minElementBytes > source.remaining()) {
            throw new MalformedMessageException(field + ": count " + count + " read, expected at most "
                    + source.remaining() / minElementBytes + " because " + source.remaining()
                    + " bytes are left and an element takes at least " + minElementBytes);
        }
        return count;
    }

    /** Reads so many elements that {@link #readNullableCount} has allowed; null for -1. */
    public @Nullable List<Byte> readInt8List(int count) {
        if (count <= 0) {
            return emptyOrNull(count);
        }
        Byte[] elements = new Byte[count];
        for (int i = 0; i < count; i++) {
            elements[i] = source.get();
        }
        return sealed(elements);
    }

    /** Reads so many elements that {@link #readNullableCount} has allowed; null for -1. */
    public @Nullable List<Short> readInt16List(int count) {
        if (count <= 0) {
            return emptyOrNull(count);
        }
        Short[] elements = new Short[count];
        for (int i = 0; i < count; i++) {
            elements[i] = source.getShort();
        }
        return sealed(elements);
    }

    /** Reads so many elements that {@link #readNullableCount} has allowed; null for -1. */
    public @Nullable List<Integer> readInt32List(int count) {
        if (count <= 0) {
            return emptyOrNull(count);
        }
        Integer[] elements = new Integer[count];
        for (int i = 0; i < count; i++) {
            elements[i] = source.getInt();
        }
        return sealed(elements);
    }

    /** Reads so many elements that {@link #readNullableCount} has allowed; null for -1. */
    public @Nullable List<Long> readInt64List(int count) {
        if (count <= 0) {
            return emptyOrNull(count);
        }
        Long[] elements = new Long[count];
        for (int i = 0; i < count; i++) {
            elements[i] = source.getLong();
        }
        return sealed(elements);
    }

    /** Reads so many elements that {@link #readNullableCount} has allowed; null for -1. */
    public @Nullable List<UUID> readUuidList(int count) {
        if (count <= 0) {
            return emptyOrNull(count);
        }
        UUID[] elements = new UUID[count];
        for (int i = 0; i < count; i++) {
            elements[i] = uuid();
        }
        return sealed(elements);
    }

    /** Reads so many elements that {@link #readNullableCount} has allowed; null for -1. */
    public @Nullable List<String> readStringList(boolean flexible, int count, String field) {
        if (count <= 0) {
            return emptyOrNull(count);
        }
        String[] elements = new String[count];
        for (int i = 0; i < count; i++) {
            elements[i] = readString(flexible, field);
        }
        return sealed(elements);
    }

    /** Reads how many tagged fields follow. */
    public int readTagCount(String struct) {
        int count = readUnsignedVarint(struct);
        if (count < 0 || count > MAX_TAGGED_FIELD_COUNT) {
            throw new MalformedMessageException(struct + ": " + Integer.toUnsignedString(count)
                    + " tagged fields announced, expected at most " + MAX_TAGGED_FIELD_COUNT);
        }
        return count;
    }

    /** Reads the tag of a tagged field. */
    public int readTag(String struct) {
        return readUnsignedVarint(struct);
    }

    /** Reads the length of a tagged field; gives the position in the frame where it ends. */
    public int readTagEnd(String struct) {
        int length = readUnsignedVarint(struct);
        if (length < 0 || length > source.remaining()) {
            throw tooLong(struct, Integer.toUnsignedLong(length));
        }
        return source.position() + length;
    }

    /** Skips a tagged field that this version does not know. */
    public void skipTo(int tagEnd) {
        source.position(tagEnd);
    }

    /** Refuses a tagged field whose content is not as long as announced. */
    public void expectTagEnd(int tagEnd, String struct) {
        if (source.position() != tagEnd) {
            throw new MalformedMessageException(struct + ": a tagged field ends at byte " + source.position()
                    + ", expected byte " + tagEnd + " from its announced length");
        }
    }

    /** Skips all tagged fields of a struct that knows none. */
    public void skipTags(String struct) {
        int count = readTagCount(struct);
        for (int i = 0; i < count; i++) {
            readTag(struct);
            skipTo(readTagEnd(struct));
        }
    }

    private int stringLength(boolean flexible, String field) {
        int length = flexible ? compactLength(field) : readInt16(field);
        if (length < NULL || length > MessageWriter.MAX_STRING_BYTES) {
            throw new MalformedMessageException(
                    field + ": string length " + length + " read, expected at most " + MessageWriter.MAX_STRING_BYTES);
        }
        return fitting(length, field);
    }

    private int length(boolean flexible, String field) {
        return fitting(rawLength(flexible, field), field);
    }

    private int rawLength(boolean flexible, String field) {
        int length = flexible ? compactLength(field) : readInt32(field);
        if (length < NULL) {
            throw new MalformedMessageException(field + ": length " + length + " read, expected -1 or more");
        }
        return length;
    }

    /** A compact length is one more than the length, so that 0 can mean null. */
    private int compactLength(String field) {
        int length = readUnsignedVarint(field);
        if (length < 0) {
            throw tooLong(field, Integer.toUnsignedLong(length) - 1);
        }
        return length - 1;
    }

    private int fitting(int length, String field) {
        if (length > source.remaining()) {
            throw tooLong(field, length);
        }
        return length;
    }

    private void require(int bytes, String field) {
        if (source.remaining() < bytes) {
            throw tooLong(field, bytes);
        }
    }

    private MalformedMessageException tooLong(String field, long length) {
        return new MalformedMessageException(field + ": " + length + " bytes expected at byte " + source.position()
                + ", only " + source.remaining() + " left");
    }

    private static int notNull(int length, String field) {
        if (length == NULL) {
            throw new MalformedMessageException(field + ": null read, which is not allowed here");
        }
        return length;
    }

    private String string(int length, String field) {
        if (length == 0) {
            return "";
        }
        byte[] utf8 = new byte[length];
        source.get(utf8);
        String value = new String(utf8, StandardCharsets.UTF_8);
        if (value.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(value.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new MalformedMessageException(
                    field + ": the " + length + " bytes before byte " + source.position() + " are not UTF-8");
        }
        return value;
    }

    private ByteBuffer slice(int length) {
        int position = source.position();
        source.position(position + length);
        return source.slice(position, length);
    }

    private UUID uuid() {
        long high = source.getLong();
        return new UUID(high, source.getLong());
    }

    private static <T> @Nullable List<T> emptyOrNull(int count) {
        return count == NULL ? null : List.of();
    }

    private static <T> List<T> sealed(T[] elements) {
        return Collections.unmodifiableList(Arrays.asList(elements));
    }
}
