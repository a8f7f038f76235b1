package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the records of a batch one after the other; the layout is drawn at {@link RecordReader}. Confined to one reader.
 *
 * <p>A cursor that does not keep contents passes over them without allocating anything.
 */
final class RecordCursor {

    /** One byte each: attributes, timestamp delta, offset delta, key length, value length, headers count. */
    private static final int MIN_RECORD_BYTES = 6;

    private static final int MIN_HEADER_BYTES = 2;

    /** Bounds what a reader allocates for one record; far more than a program would ever send. */
    private static final int MAX_HEADERS = 1_000_000;

    private final RecordBytes bytes;
    private final boolean keepsContents;
    private int recordEnd;
    private long timestampDelta;
    private int offsetDelta;
    private int keyAt;
    private int keyLength;
    private int valueAt;
    private int valueLength;
    private List<RecordHeader> headers = List.of();

    RecordCursor(RecordBytes bytes, boolean keepsContents) {
        this.bytes = bytes;
        this.keepsContents = keepsContents;
    }

    /** Moves to the next record. */
    void next() {
        int size = bytes.varint();
        if (size < MIN_RECORD_BYTES) {
            throw bytes.corrupt("record of " + size + " bytes, expected at least " + MIN_RECORD_BYTES + ",");
        }
        bytes.checkMayHave(size);
        if (keepsContents) {
            bytes.require(size);
        }
        recordEnd = bytes.consumed() + size;
        bytes.next(); // Attributes: no bit has a meaning yet.
        timestampDelta = bytes.varlong();
        offsetDelta = bytes.varint();
        keyLength = nullableLength("key");
        keyAt = bytes.position();
        pass(keyLength);
        valueLength = nullableLength("value");
        valueAt = bytes.position();
        pass(valueLength);
        headers = readHeaders();
        if (bytes.consumed() != recordEnd) {
            throw bytes.corrupt("record of " + size + " bytes has " + (recordEnd - bytes.consumed()) + " left over");
        }
    }

    private List<RecordHeader> readHeaders() {
        int count = bytes.varint();
        if (count == 0) {
            return List.of();
        }
        int maxCount = Math.min(MAX_HEADERS, (recordEnd - bytes.consumed()) / MIN_HEADER_BYTES);
        if (count < 0 || count > maxCount) {
            throw bytes.corrupt(count + " headers, expected 0 to " + maxCount + ",");
        }
        List<RecordHeader> read = keepsContents ? new ArrayList<>(count) : List.of();
        for (int i = 0; i < count; i++) {
            int nameLength = nullableLength("header key");
            if (nameLength < 0) {
                throw bytes.corrupt("header without a key");
            }
            int nameAt = bytes.position();
            pass(nameLength);
            int length = nullableLength("header value");
            int at = bytes.position();
            pass(length);
            if (keepsContents) {
                String name = StandardCharsets.UTF_8
                        .decode(bytes.slice(nameAt, nameLength))
                        .toString();
                read.add(new RecordHeader(name, slice(at, length)));
            }
        }
        return read;
    }

    private int nullableLength(String what) {
        int length = bytes.varint();
        int left = recordEnd - bytes.consumed();
        if (length < -1 || length > left) {
            throw bytes.corrupt(what + " of " + length + " bytes, expected -1 to " + left + ",");
        }
        return length;
    }

    private void pass(int length) {
        if (length > 0) {
            bytes.skip(length);
        }
    }

    private @Nullable ByteBuffer slice(int at, int length) {
        return length < 0 ? null : bytes.slice(at, length);
    }

    long timestampDelta() {
        return timestampDelta;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    boolean hasKey() {
        return keyLength >= 0;
    }

    RecordView toRecord(long baseOffset, long timestamp) {
        return new RecordView(
                baseOffset + offsetDelta, timestamp, slice(keyAt, keyLength), slice(valueAt, valueLength), headers);
    }

    byte @Nullable [] copyOfKey() {
        return keyLength < 0 ? null : bytes.copy(keyAt, keyLength);
    }

    byte @Nullable [] copyOfValue() {
        return valueLength < 0 ? null : bytes.copy(valueAt, valueLength);
    }

    List<RecordHeader> headers() {
        return headers;
    }
}
