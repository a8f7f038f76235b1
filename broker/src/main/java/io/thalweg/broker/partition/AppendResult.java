package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What became of one batch.
 *
 * @param error NONE if it is in the log
 * @param message why not; null without an error
 * @param baseOffset the offset of its first record, -1 on error
 * @param logStartOffset the log's first readable offset at that time, -1 on error
 */
public record AppendResult(ErrorCode error, @Nullable String message, long baseOffset, long logStartOffset) {

    static AppendResult appended(long baseOffset, long logStartOffset) {
        return new AppendResult(ErrorCode.NONE, null, baseOffset, logStartOffset);
    }

    /** A batch that is not in the log, or of which it is not known. */
    public static AppendResult refused(ErrorCode error, @Nullable String message) {
        return new AppendResult(error, message, -1, -1);
    }
}
