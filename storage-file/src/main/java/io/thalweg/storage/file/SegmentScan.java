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

    /**
     * How to walk.
     *
     * @param startOffset what lies below it is not judged: nobody reads it
     */
    record Rules(int indexIntervalBytes, long startOffset, long nextBaseOffset) {}

    /** Fills the indexes of the files from the bytes of an open log file, from a start up to a limit. */
    static SegmentScan of(WalkStart start, Disk.File file, int limit, Rules rules, ByteBuffer buffer)
            throws IOException {
        var scanner = new BatchScanner(file, start.tail().sizeInBytes(), limit, buffer);
        return new Walk(start, scanner, rules).toTheEnd();
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

    /** The walk, as far as it has come. */
    private static final class Walk {

        private final SegmentFiles files;
        private final BatchScanner scanner;
        private final Rules rules;
        private Segment.Tail tail;
        private int unindexed;
        private long began = -1;

        /** Where the last gap between batches begins, if the last batch left one. */
        private long gap = Long.MAX_VALUE;

        /** What is wrong with the batch that the walk is at. */
        private @Nullable String fault;

        private boolean isDamage;

        Walk(WalkStart start, BatchScanner scanner, Rules rules) {
            this.files = start.files();
            this.tail = start.tail();
            this.scanner = scanner;
            this.rules = rules;
        }

        /** What is wrong with a batch is its own affair if a good one follows that begins at or below the start. */
        SegmentScan toTheEnd() throws IOException {
            SegmentScan judged = null;
            while (scanner.next()) {
                judge();
                if (fault == null && (judged == null || scanner.baseOffset() <= rules.startOffset())) {
                    judged = null;
                    take();
                    continue;
                }
                judged = judged == null ? ended() : judged;
                if (fault == null || tail.endOffset() >= rules.startOffset()) {
                    return judged;
                }
                scanner.backTo(scanner.nextPosition());
            }
            fault = scanner.fault();
            isDamage = false;
            return judged == null ? ended() : judged;
        }

        private void judge() throws IOException {
            var expected = tail.endOffset();
            var baseOffset = scanner.baseOffset();
            var lastOffset = scanner.lastOffset();
            isDamage = false;
            if (!scanner.crcIsValid()) {
                fault = scanner.fault();
            } else if (baseOffset < expected) {
                fault = "a batch has base offset " + baseOffset + ", expected " + expected + " or more";
                // One that belongs into the gap tells that the batch behind the gap is in the wrong place, and with it
                // the end of the tail.
                isDamage = baseOffset >= gap;
            } else if (lastOffset >= rules.nextBaseOffset() || lastOffset - files.baseOffset() > Integer.MAX_VALUE) {
                fault = "a batch has last offset " + lastOffset + " in the segment from " + files.baseOffset()
                        + ", the next begins at " + rules.nextBaseOffset();
            } else if (baseOffset > expected && expected < rules.startOffset() && isFollowedAsWithoutGap()) {
                fault = "a batch has base offset " + baseOffset
                        + ", and the one behind it belongs there without the gap before it";
                isDamage = true;
            } else {
                fault = null;
            }
        }

        private boolean isFollowedAsWithoutGap() throws IOException {
            var position = scanner.position();
            var end = tail.endOffset() + scanner.lastOffset() - scanner.baseOffset() + 1;
            var isFollowed = scanner.next() && scanner.baseOffset() == end;
            scanner.backTo(position);
            return scanner.next() && isFollowed;
        }

        private void take() throws IOException {
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

        private SegmentScan ended() {
            return new SegmentScan(tail, unindexed, began, fault, isDamage);
        }
    }
}
