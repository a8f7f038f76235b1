package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Writes records and replays them at once; answers that show them wait until they are safe. Owned by the coordinator's event loop.
 */
final class Writes {

    private static final int BATCH_HEADER_BYTES = 61;
    private static final int RECORD_OVERHEAD_BYTES = 32;

    private final GroupLog log;
    private final Replay replay;
    private final int maxBatchBytes;
    private CompletionStage<Void> last = CompletableFuture.completedFuture(null);

    Writes(GroupLog log, Replay replay, int maxBatchBytes) {
        this.log = log;
        this.replay = replay;
        this.maxBatchBytes = maxBatchBytes;
    }

    /** Appends records together; fails with RECORD_LIST_TOO_LARGE, and nothing has changed, if they are more than a batch can hold. */
    CompletionStage<Void> append(List<GroupRecord> records) {
        if (records.isEmpty()) {
            return last;
        }
        var bytes =
                BATCH_HEADER_BYTES + records.stream().mapToLong(Writes::bytesOf).sum();
        if (bytes > maxBatchBytes) {
            return CompletableFuture.failedFuture(new GroupLogException(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    records.size() + " records of " + bytes + " bytes: a batch has at most " + maxBatchBytes));
        }
        last = log.append(records);
        records.forEach(replay::replay);
        return last;
    }

    private static long bytesOf(GroupRecord record) {
        var value = GroupRecords.value(record);
        return RECORD_OVERHEAD_BYTES + GroupRecords.key(record).remaining() + (value == null ? 0L : value.remaining());
    }

    /** Appends small records, which need not be together, in as many batches as it takes. */
    CompletionStage<Void> appendInBatches(List<GroupRecord> records) {
        CompletionStage<Void> appended = last;
        var batch = new ArrayList<GroupRecord>();
        long bytes = BATCH_HEADER_BYTES;
        for (var record : records) {
            var more = bytesOf(record);
            if (bytes + more > maxBatchBytes) {
                append(batch);
                batch.clear();
                bytes = BATCH_HEADER_BYTES;
            }
            batch.add(record);
            bytes += more;
        }
        return batch.isEmpty() ? appended : append(batch);
    }

    /** Completes with an answer once all that it may show is safe, else with the refusal. */
    <T> CompletionStage<T> whenSafe(T answer, Function<ErrorCode, T> refusal) {
        if (last.toCompletableFuture().isCompletedExceptionally() && log.isSafe()) {
            last = CompletableFuture.completedFuture(null);
        }
        return last.handle((nothing, failure) -> failure == null ? answer : refusal.apply(codeOf(failure)));
    }

    /** What clients are told of a failed append. */
    static ErrorCode codeOf(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof GroupLogException known ? known.error() : ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
