package io.thalweg.storage.file;

import java.io.IOException;

/**
 * Where in a segment to begin looking for an offset.
 *
 * <pre>
 * at  size  field
 *  0     4  last offset of a batch, less the segment's base offset
 *  4     4  position of that batch in the segment, in bytes
 * </pre>
 *
 * <p>Both ascend. Threads as {@link IndexFile}.
 */
final class OffsetIndex {

    static final int ENTRY_BYTES = 8;
    private static final int POSITION_AT = 4;

    private final long baseOffset;
    private final IndexFile file;

    OffsetIndex(long baseOffset, IndexFile file) {
        this.baseOffset = baseOffset;
        this.file = file;
    }

    IndexFile file() {
        return file;
    }

    void append(long lastOffset, int position) {
        file.next().putInt((int) (lastOffset - baseOffset)).putInt(position);
        file.added();
    }

    /** The position of a batch at or before the one that holds the offset. */
    int positionBefore(long offset) throws IOException {
        return position(entryBefore(offset));
    }

    /** The place of the last entry at or before an offset; -1 if there is none. */
    int entryBefore(long offset) throws IOException {
        var relative = offset - baseOffset;
        return file.lastWhere(index -> file.intAt(index, 0) <= relative);
    }

    /** The position of the batch that an entry points at; that of the first batch if the entry is none. */
    int position(int entry) throws IOException {
        return entry < 0 ? 0 : file.intAt(entry, POSITION_AT);
    }

    /** What the last offset of the batch that an entry points at may be at most. */
    long lastOffset(int entry) throws IOException {
        return baseOffset + file.intAt(entry, 0);
    }

    /** The position of the last entry; 0 if there is none. */
    int lastPosition() throws IOException {
        return file.count() == 0 ? 0 : file.intAt(file.count() - 1, POSITION_AT);
    }

    /** The last offset of the batch that the last entry points at; there is one. */
    long lastOffset() throws IOException {
        return baseOffset + file.intAt(file.count() - 1, 0);
    }

    /** The same for the entry before; one below the base offset if there is none. */
    long lastOffsetButOne() throws IOException {
        return file.count() < 2 ? baseOffset - 1 : baseOffset + file.intAt(file.count() - 2, 0);
    }

    /** Keeps the first entries, as long as they ascend, stay below an offset and point into so many bytes. */
    void keepBelow(long upTo, int segmentBytes) throws IOException {
        var entries = file.entries();
        var offset = -1;
        var position = -1;
        var kept = 0;
        while (entries.hasRemaining()) {
            var nextOffset = entries.getInt();
            var nextPosition = entries.getInt();
            if (nextOffset <= offset
                    || nextPosition <= position
                    || nextPosition >= segmentBytes
                    || baseOffset + nextOffset >= upTo) {
                break;
            }
            offset = nextOffset;
            position = nextPosition;
            kept++;
        }
        file.keepFirst(kept);
    }

    /** The place of the last entry for a batch that begins at or before a position and ends below an offset; -1 if there is none. */
    int entryWithin(int position, long upTo) throws IOException {
        var relative = upTo - baseOffset;
        return file.lastWhere(index -> file.intAt(index, POSITION_AT) <= position && file.intAt(index, 0) < relative);
    }

    /** Whether offsets and positions ascend and lie within the segment. */
    boolean isSound(int segmentBytes) throws IOException {
        var entries = file.entries();
        var offset = -1;
        var position = -1;
        while (entries.hasRemaining()) {
            var nextOffset = entries.getInt();
            var nextPosition = entries.getInt();
            if (nextOffset <= offset || nextPosition <= position) {
                return false;
            }
            offset = nextOffset;
            position = nextPosition;
        }
        return position < segmentBytes;
    }
}
