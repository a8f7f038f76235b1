package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one batch.
 *
 * @param error NONE if it is in the log
 * @param message why not; null without an error
 * @param baseOffset the offset of its first record, -1 on error
 * @param logStartOffset the log's first readable offset at that time, -1 on error
 * @param faults what is wrong with single records, if it is that
 */
public record AppendResult(
        ErrorCode error, @Nullable String message, long baseOffset, long logStartOffset, List<RecordFault> faults) {

    public AppendResult {
        faults = List.copyOf(faults);
    }

    static AppendResult appended(long baseOffset, long logStartOffset) {
        return new AppendResult(ErrorCode.NONE, null, baseOffset, logStartOffset, List.of());
    }

    /** A batch that is not in the log, or of which it is not known. */
    public static AppendResult refused(ErrorCode error, @Nullable String message) {
        return new AppendResult(error, message, -1, -1, List.of());
    }

    /** A batch that is not in the log because of single records. */
    public static AppendResult refused(ErrorCode error, String message, List<RecordFault> faults) {
        return new AppendResult(error, message, -1, -1, faults);
    }
}
