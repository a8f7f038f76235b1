package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What walking over all batches of a segment's file tells: its tail, the indexes, and where the batches end if they end early.
 *
 * @param tail up to the last good batch
 * @param unindexedBytes bytes since the last entry of the offset index
 * @param beganMillis the timestamp of the segment's first batch, -1 if it has none or was not walked over
 * @param fault what is wrong after the tail, or null
 * @param isDamage whether that cannot come from a write that was not finished
 */
record SegmentScan(
        Segment.Tail tail,
        int unindexedBytes,
        long beganMillis,
        @Nullable String fault,
        boolean isDamage) {

    /** How to walk. */
    record Rules(int indexIntervalBytes, boolean checkCrc, long nextBaseOffset) {}

    /** Fills the indexes of the files from the bytes of an open log file, from a start up to a limit. */
    static SegmentScan of(WalkStart start, Disk.File file, int limit, Rules rules, ByteBuffer buffer)
            throws IOException {
        var files = start.files();
        var tail = start.tail();
        var scanner = new BatchScanner(file, tail.sizeInBytes(), limit, buffer);
        var unindexed = 0;
        var began = -1L;
        // Where the last gap between batches begins, if the last batch left one.
        var gap = Long.MAX_VALUE;
        String fault = null;
        while (scanner.next() && !(rules.checkCrc() && !scanner.crcIsValid())) {
            fault = misplaced(scanner, files.baseOffset(), tail.endOffset(), rules.nextBaseOffset());
            if (fault != null) {
                break;
            }
            gap = scanner.baseOffset() > tail.endOffset() ? tail.endOffset() : Long.MAX_VALUE;
            if (tail.sizeInBytes() == 0) {
                began = scanner.maxTimestamp();
            }
            tail = grown(tail, scanner);
            if (unindexed > rules.indexIntervalBytes()) {
                files.offsetIndex().append(scanner.lastOffset(), scanner.position());
                files.timeIndex().append(tail.maxTimestamp(), tail.maxTimestampOffset());
                unindexed = 0;
            }
            unindexed += scanner.nextPosition() - scanner.position();
        }
        // One that belongs into the gap tells that the batch behind it is in the wrong place, and so is the end of the
        // tail.
        var isDamage = fault != null && scanner.baseOffset() >= gap && scanner.baseOffset() < tail.endOffset();
        return new SegmentScan(tail, unindexed, began, fault != null ? fault : scanner.fault(), isDamage);
    }

    /** The same with a fault after the tail. */
    SegmentScan endingIn(String newFault) {
        return new SegmentScan(tail, unindexedBytes, beganMillis, newFault, isDamage);
    }

    /** The tail with one more batch. */
    static Segment.Tail grown(Segment.Tail tail, BatchScanner scanner) {
        var isLater = scanner.maxTimestamp() > tail.maxTimestamp();
        return new Segment.Tail(
                scanner.nextPosition(),
                scanner.lastOffset() + 1,
                isLater ? scanner.maxTimestamp() : tail.maxTimestamp(),
                isLater ? scanner.lastOffset() : tail.maxTimestampOffset());
    }

    /** What is wrong with the place of a batch whose bytes are right: its CRC does not cover its offset. */
    private static @Nullable String misplaced(BatchScanner batch, long segmentBase, long expected, long nextBase) {
        if (batch.baseOffset() < expected) {
            return "a batch has base offset " + batch.baseOffset() + ", expected " + expected + " or more";
        }
        if (batch.lastOffset() >= nextBase || batch.lastOffset() - segmentBase > Integer.MAX_VALUE) {
            return "a batch has last offset " + batch.lastOffset() + " in the segment from " + segmentBase
                    + ", the next begins at " + nextBase;
        }
        return null;
    }
}
