package io.thalweg.storage.file;

import java.io.IOException;

/**
 * Up to which offset all timestamps of a segment are at most some value.
 *
 * <pre>
 * at  size  field
 *  0     8  greatest timestamp so far, epoch milliseconds
 *  8     4  last offset of the batch that brought it, less the segment's base offset
 * </pre>
 *
 * <p>Both ascend; a closed segment's last entry holds its greatest timestamp. Threads as {@link IndexFile}.
 */
final class TimeIndex {

    static final int ENTRY_BYTES = 12;
    private static final int OFFSET_AT = 8;

    private final long baseOffset;
    private final IndexFile file;

    TimeIndex(long baseOffset, IndexFile file) {
        this.baseOffset = baseOffset;
        this.file = file;
    }

    IndexFile file() {
        return file;
    }

    /** Adds an entry if its timestamp is above the last one's. */
    void append(long timestamp, long offset) throws IOException {
        var count = file.count();
        if (timestamp >= 0 && (count == 0 || timestamp > file.longAt(count - 1, 0))) {
            file.next().putLong(timestamp).putInt((int) (offset - baseOffset));
            file.added();
        }
    }

    /** The timestamp of the last entry, -1 if there is none. */
    long lastTimestamp() throws IOException {
        return file.count() == 0 ? -1 : file.longAt(file.count() - 1, 0);
    }

    /** The offset of the last entry, the base offset if there is none. */
    long lastOffset() throws IOException {
        return file.count() == 0 ? baseOffset : baseOffset + file.intAt(file.count() - 1, OFFSET_AT);
    }

    /** The place of the last entry with a timestamp up to the given one and an offset below an end; -1 if there is none. */
    int entryBefore(long timestamp, long endOffset) throws IOException {
        return file.lastWhere(
                index -> file.longAt(index, 0) <= timestamp && baseOffset + file.intAt(index, OFFSET_AT) < endOffset);
    }

    long timestamp(int entry) throws IOException {
        return file.longAt(entry, 0);
    }

    long offset(int entry) throws IOException {
        return baseOffset + file.intAt(entry, OFFSET_AT);
    }

    /** Keeps the first entries, as long as they ascend and stay below an offset. */
    void keepBelow(long upTo) throws IOException {
        var entries = file.entries();
        var timestamp = -1L;
        var offset = -1;
        var kept = 0;
        while (entries.hasRemaining()) {
            var nextTimestamp = entries.getLong();
            var nextOffset = entries.getInt();
            if (nextTimestamp <= timestamp || nextOffset <= offset || baseOffset + nextOffset >= upTo) {
                break;
            }
            timestamp = nextTimestamp;
            offset = nextOffset;
            kept++;
        }
        file.keepFirst(kept);
    }

    /** Whether timestamps and offsets ascend and the offsets lie within the segment. */
    boolean isSound(long endOffset) throws IOException {
        var entries = file.entries();
        var timestamp = -1L;
        var offset = -1;
        while (entries.hasRemaining()) {
            var nextTimestamp = entries.getLong();
            var nextOffset = entries.getInt();
            if (nextTimestamp <= timestamp || nextOffset <= offset) {
                return false;
            }
            timestamp = nextTimestamp;
            offset = nextOffset;
        }
        return baseOffset + offset < endOffset;
    }
}
