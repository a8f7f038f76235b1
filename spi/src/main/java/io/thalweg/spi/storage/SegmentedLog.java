package io.thalweg.spi.storage;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The ability of a log to show the segments it consists of, to close the one it appends to, and to replace closed ones; retention, the
 * cleaner and tiering need only this. An engine all of whose logs have it says so by {@link SegmentedEngine}.
 *
 * <p><b>Threads.</b> {@code roll} belongs to the owner of the log, like {@code append}; the rest is for any thread. One replacement of
 * a log is open at a time, another is an {@link IllegalStateException} (SEGMENTED-12); it is called by one thread at a time.
 *
 * <p><b>Ownership.</b> A {@link Replacement} is given: its receiver closes it. Slices already given stay readable.
 *
 * <p><b>Ordering.</b> Segments adjoin: each ends where the next begins, the first holds the start of the log or begins at it, the last is
 * the one that is appended to (SEGMENTED-3). A closed segment has at most {@link LogConfig#segmentBytes} bytes of appended batches,
 * but one batch at least (SEGMENTED-4). What is appended after a {@code roll} is in another segment than what was appended before
 * (SEGMENTED-5).
 *
 * <p><b>Errors.</b> A range that does not begin and end with closed segments, or spans more than 2<sup>31</sup> - 1 offsets, is an
 * {@link IllegalArgumentException} (SEGMENTED-9).
 */
public interface SegmentedLog extends PartitionLog {

    /** The segments in order, as they are now; a log that is empty may have none. */
    List<LogSegment> segments();

    /**
     * Closes the segment that is appended to, unless it is empty; page-cache speed, does not wait for the disk.
     *
     * @throws StorageException when it is not closed
     */
    void roll();

    /**
     * Begins to write what shall take the place of whole closed segments.
     *
     * @param firstOffset the base offset of the first segment replaced
     * @param endOffset the end offset of the last segment replaced
     */
    Replacement replace(long firstOffset, long endOffset);

    /**
     * Batches on their way into the place of closed segments; they become one closed segment of the same range, which may be empty.
     *
     * <p><b>Ownership.</b> Batches are lent until the stage of their append completes.
     *
     * <p><b>Ordering.</b> A read sees the range either as it was or as it is once {@code finish} completes, never a mix (SEGMENTED-1). The
     * bounds of the log stay (SEGMENTED-7); an offset that no batch holds any more is a gap (SEGMENTED-8).
     *
     * <p><b>Errors.</b> A replacement that fails, is closed before it is finished, or is cut short by a crash changes nothing
     * (SEGMENTED-2). If the segments are no longer as they were, because the log was truncated, or its start moved past one of them,
     * {@code finish} fails with {@link StorageException.Busy} (SEGMENTED-10). Batches that do not ascend or lie outside the range are an
     * {@link IllegalArgumentException}, and none of their list is taken (SEGMENTED-11).
     *
     * <p><b>Close.</b> Idempotent; gives up what was not finished.
     */
    interface Replacement extends AutoCloseable {

        /** Completes once the batches are written; they keep their offsets and follow those of earlier calls. */
        CompletionStage<Void> append(List<Batch> batches);

        /** Completes once the batches are in the place of the range, also after a crash (SEGMENTED-6). The last call but close. */
        CompletionStage<Void> finish();

        @Override
        void close();
    }
}
