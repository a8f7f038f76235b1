package io.thalweg.storage.file;

import java.io.IOException;

/**
 * Tells batches with wrong offsets by those around them, since no CRC covers a base offset: each batch of a walk is judged once, in order.
 *
 * <p>A batch that begins where the one before ends is sound. One that leaves a gap is so, too, unless the next begins below its end: then
 * one of the two is wrong. It is the first if the second begins where the first would end without the gap; else nobody can tell, and
 * neither is believed. Confined to one walk.
 */
final class BatchOrder {

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final long end;
    private long floor;
    private long next;
    private boolean isInDoubt;

    private BatchOrder(long floor, long next, long end) {
        this.floor = floor;
        this.next = next;
        this.end = end;
    }

    /** For a walk from the beginning of a segment to its end. */
    static BatchOrder between(long baseOffset, long endOffset) {
        return new BatchOrder(baseOffset, baseOffset, endOffset);
    }

    /** For a walk from somewhere within. */
    static BatchOrder within(long baseOffset, long endOffset) {
        return new BatchOrder(baseOffset, UNKNOWN, endOffset);
    }

    /** For a walk from a batch that is known to begin at an offset. */
    static BatchOrder from(long offset, long endOffset) {
        return new BatchOrder(offset, offset, endOffset);
    }

    /** Whether the next batch of the walk is where it belongs. */
    boolean isSound(BatchScanner batch) throws IOException {
        var isInPlace = batch.baseOffset() >= floor && batch.lastOffset() < end;
        var isSound = isInPlace && (batch.baseOffset() == next || (!isInDoubt && !isOverlapped(batch)));
        isInDoubt = isInPlace && !isSound && !isInDoubt;
        if (isSound) {
            floor = batch.lastOffset() + 1;
            next = floor;
        } else if (next != UNKNOWN) {
            next += batch.lastOffset() - batch.baseOffset() + 1;
        }
        return isSound;
    }

    private static boolean isOverlapped(BatchScanner batch) throws IOException {
        var position = batch.position();
        var lastOffset = batch.lastOffset();
        var isOverlapped = batch.next() && batch.baseOffset() <= lastOffset;
        batch.backTo(position);
        return batch.next() && isOverlapped;
    }
}
