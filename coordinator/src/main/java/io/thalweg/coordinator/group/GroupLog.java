package io.thalweg.coordinator.group;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The log that a group coordinator writes through: one partition of {@code __consumer_offsets}.
 *
 * <p><b>Threads.</b> Called by the loop that owns the coordinator; stages complete on it.
 *
 * <p><b>Ordering.</b> Records are in the log in the order of the calls, and the stages complete in that order.
 *
 * <p><b>Errors.</b> A stage fails with {@link GroupLogException}. The coordinator's state is then ahead of the log, and whoever gave the
 * log closes the coordinator and loads another one.
 */
public interface GroupLog {

    /** Appends records as one batch; completes once the high watermark covers them. */
    CompletionStage<Void> append(List<GroupRecord> records);

    /** Whether the high watermark covers all that is in the log, also what took too long for whoever appended it. */
    boolean isSafe();
}
