package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the walk over a segment that a crash has left begins: at its first batch, or at one before which everything was durable, the
 * indexes as well.
 *
 * @param files with the indexes cut down to what lies before the start
 * @param tail of the segment before the start
 */
record WalkStart(SegmentFiles files, Segment.Tail tail) {

    /** At the beginning of a segment, with empty indexes. */
    static WalkStart first(SegmentFiles withoutIndexes) {
        return new WalkStart(withoutIndexes, Segment.Tail.empty(withoutIndexes.baseOffset()));
    }

    /** At the last indexed batch below an offset up to which log and indexes were durable; null if the indexes are not what they were. */
    static @Nullable WalkStart below(long upTo, SegmentFiles files, Disk.File file, int size, ByteBuffer buffer)
            throws IOException {
        WalkStart start = null;
        try {
            var tail = cut(files, size, upTo);
            if (tail != null && isAt(file, tail, files.offsetIndex().lastOffset(), size, buffer)) {
                start = new WalkStart(files, tail);
            }
            return start;
        } finally {
            if (start == null) {
                files.retireIndexes();
            }
        }
    }

    private static Segment.@Nullable Tail cut(SegmentFiles files, int size, long upTo) throws IOException {
        var offsets = files.offsetIndex();
        var times = files.timeIndex();
        offsets.file().load();
        times.file().load();
        offsets.keepBelow(upTo, size);
        if (offsets.file().count() == 0) {
            return null;
        }
        times.keepBelow(offsets.lastOffset() + 1);
        return new Segment.Tail(
                offsets.lastPosition(), offsets.lastOffsetButOne() + 1, times.lastTimestamp(), times.lastOffset());
    }

    /** Whether the batch after the tail is whole and ends where the index says. */
    private static boolean isAt(Disk.File file, Segment.Tail tail, long lastOffset, int size, ByteBuffer buffer)
            throws IOException {
        var scanner = new BatchScanner(file, tail.sizeInBytes(), size, buffer);
        return scanner.next()
                && scanner.crcIsValid()
                && scanner.baseOffset() >= tail.endOffset()
                && scanner.lastOffset() == lastOffset;
    }
}
