package io.thalweg.spi.storage;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The ability of a log to show its closed segments and replace them; retention, the cleaner and tiering need only this.
 *
 * <p><b>Threads.</b> Any thread; one {@code replace} of a log at a time.
 *
 * <p><b>Ownership.</b> Batches are lent until the stage completes. Slices already given stay readable.
 *
 * <p><b>Ordering.</b> A read sees a range either as it was or as it is after {@code replace}, never a mix (SEGMENTED-1).
 *
 * <p><b>Errors.</b> A replace that fails, or is cut short by a crash, changes nothing (SEGMENTED-2).
 */
public interface SegmentedLog extends PartitionLog {

    /** The closed segments in order; the one that is appended to is not among them. */
    List<Segment> closedSegments();

    /**
     * Puts these batches, which keep their offsets and order, in the place of whole closed segments.
     *
     * @param firstOffset the base offset of the first segment replaced
     * @param endOffset the end offset of the last segment replaced
     */
    CompletionStage<Void> replace(long firstOffset, long endOffset, List<Batch> batches);

    /**
     * A closed segment.
     *
     * @param baseOffset its first offset
     * @param endOffset the base offset of the next segment
     * @param sizeInBytes the bytes of its batches
     * @param maxTimestamp the greatest timestamp in it, epoch milliseconds; -1 if none
     */
    record Segment(long baseOffset, long endOffset, long sizeInBytes, long maxTimestamp) {}
}
