package io.thalweg.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes values take on the wire; for generated code.
 *
 * <p>{@code flexible} says whether lengths are variable-length numbers, as they are from the first flexible version of a
 * message on; before it a string's length takes two bytes and every other one four.
 */
public final class WireSize {

    private WireSize() {}

    /** An unsigned variable-length number: seven bits a byte. */
    public static int ofUnsignedVarint(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** A string with its length, or null. */
    public static int ofString(boolean flexible, @Nullable String value) {
        int length = value == null ? 0 : ofUtf8(value);
        return ofStringLength(flexible, value == null ? -1 : length) + length;
    }

    /** Bytes with their length, or null. */
    public static int ofBytes(boolean flexible, @Nullable ByteBuffer value) {
        return value == null ? ofLength(flexible, -1) : ofLength(flexible, value.remaining()) + value.remaining();
    }

    /** Record batches with their length, or null. */
    public static int ofRecords(boolean flexible, @Nullable Records value) {
        return value == null ? ofLength(flexible, -1) : ofLength(flexible, value.sizeInBytes()) + value.sizeInBytes();
    }

    /** The count that stands before the elements of a list, or of null. */
    public static int ofCount(boolean flexible, @Nullable List<?> list) {
        return ofLength(flexible, list == null ? -1 : list.size());
    }

    /** A list of elements that take the same number of bytes each, or null. */
    public static int ofList(boolean flexible, @Nullable List<?> list, int elementBytes) {
        return list == null ? ofLength(flexible, -1) : ofLength(flexible, list.size()) + list.size() * elementBytes;
    }

    /** A list of strings, or null. */
    public static int ofStringList(boolean flexible, @Nullable List<String> list) {
        int size = ofCount(flexible, list);
        if (list != null) {
            for (int i = 0; i < list.size(); i++) {
                size += ofString(flexible, list.get(i));
            }
        }
        return size;
    }

    /** A tagged field whose content takes this many bytes. */
    public static int ofTaggedField(int tag, int contentBytes) {
        return ofUnsignedVarint(tag) + ofUnsignedVarint(contentBytes) + contentBytes;
    }

    private static int ofStringLength(boolean flexible, int length) {
        return flexible ? ofUnsignedVarint(length + 1) : Short.BYTES;
    }

    private static int ofLength(boolean flexible, int length) {
        return flexible ? ofUnsignedVarint(length + 1) : Integer.BYTES;
    }

    /** The length in UTF-8, where a lone surrogate becomes a question mark as {@link String#getBytes} has it. */
    static int ofUtf8(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (value.charAt(i) >= 0x80) {
                return i + ofUtf8From(value, i);
            }
        }
        return length;
    }

    private static int ofUtf8From(String value, int from) {
        int size = 0;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                size += 1;
            } else if (c < 0x800) {
                size += 2;
            } else if (!Character.isSurrogate(c)) {
                size += 3;
            } else if (isPair(value, i)) {
                size += 4;
                i++;
            } else {
                size += 1;
            }
        }
        return size;
    }

    private static boolean isPair(String value, int index) {
        return Character.isHighSurrogate(value.charAt(index))
                && index + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(index + 1));
    }
}
