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
    private boolean hasKey;
    private @Nullable ByteBuffer key;
    private @Nullable ByteBuffer value;
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
        int keyLength = nullableLength("key");
        hasKey = keyLength >= 0;
        key = contents(keyLength);
        value = contents(nullableLength("value"));
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
            int keyLength = nullableLength("header key");
            if (keyLength < 0) {
                throw bytes.corrupt("header without a key");
            }
            ByteBuffer headerKey = contents(keyLength);
            ByteBuffer headerValue = contents(nullableLength("header value"));
            if (headerKey != null) {
                String text = StandardCharsets.UTF_8.decode(headerKey).toString();
                read.add(new RecordHeader(text, headerValue));
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

    /** A slice, or null if the length says so or contents are not kept. */
    private @Nullable ByteBuffer contents(int length) {
        if (length < 0) {
            return null;
        }
        if (keepsContents) {
            return bytes.slice(length);
        }
        bytes.skip(length);
        return null;
    }

    long timestampDelta() {
        return timestampDelta;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    boolean hasKey() {
        return hasKey;
    }

    RecordView toRecord(long baseOffset, long timestamp) {
        return new RecordView(baseOffset + offsetDelta, timestamp, key, value, headers);
    }
}
