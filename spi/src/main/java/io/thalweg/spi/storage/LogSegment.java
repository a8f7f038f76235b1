package io.thalweg.spi.storage;

/**
 * What a {@link SegmentedLog} tells about one of its segments.
 *
 * @param baseOffset its first offset, whether or not a batch holds it
 * @param endOffset the base offset of the next segment, or the end of the log
 * @param sizeInBytes the bytes of its batches
 * @param maxTimestamp the greatest timestamp in it, epoch milliseconds; -1 if none
 * @param modifiedMillis when it was last appended to, epoch milliseconds, if it has no timestamp; -1 if it has one, or nobody knows
 */
public record LogSegment(long baseOffset, long endOffset, long sizeInBytes, long maxTimestamp, long modifiedMillis) {

    /** A segment that has timestamps, or was appended to at a time that nobody knows. */
    public LogSegment(long baseOffset, long endOffset, long sizeInBytes, long maxTimestamp) {
        this(baseOffset, endOffset, sizeInBytes, maxTimestamp, -1);
    }
}
