package io.thalweg.broker.partition;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.protocol.ErrorCode;
import java.util.ArrayDeque;

/** Appends that are in the log and wait to become durable here or on every in-sync replica, in the order of arrival. Owned by the shard. */
final class AppendWaits {

    private final Partition published;
    private final Outbox outbox;
    private final ArrayDeque<Waiting> uncommitted = new ArrayDeque<>();
    private final ArrayDeque<Waiting> unreplicated = new ArrayDeque<>();

    /** An append and the end offset that has to be durable, or replicated, before it is answered. */
    private record Waiting(PendingAppend append, long endOffset) {}

    AppendWaits(Partition published, Outbox outbox) {
        this.published = published;
        this.outbox = outbox;
    }

    void add(PendingAppend append, long endOffset) {
        var waiting = new Waiting(append, endOffset);
        uncommitted.add(waiting);
        switch (append.group().acks()) {
            case NONE -> answerAppended(append);
            case LEADER -> {}
            case ALL -> unreplicated.add(waiting);
        }
    }

    /** Everything below the offset is durable here. */
    void durable(long endOffset) {
        while (!uncommitted.isEmpty() && uncommitted.peek().endOffset() <= endOffset) {
            var append = uncommitted.remove().append();
            append.giveBack();
            if (append.group().acks() == Acks.LEADER) {
                answerAppended(append);
            } else {
                append.group().settle(outbox);
            }
        }
    }

    /** Everything below the offset is on every in-sync replica. */
    void replicated(long highWatermark) {
        while (!unreplicated.isEmpty() && unreplicated.peek().endOffset() <= highWatermark) {
            answerAppended(unreplicated.remove().append());
        }
    }

    /** Refuses what waits for offsets that other records will get: duplicates of what the log did not take. */
    void refuseBeyond(long endOffset, AppendResult result) {
        uncommitted.removeIf(waiting -> refuseBeyond(waiting, endOffset, result));
        unreplicated.removeIf(waiting -> refuseBeyond(waiting, endOffset, result));
    }

    private boolean refuseBeyond(Waiting waiting, long endOffset, AppendResult result) {
        if (waiting.endOffset() <= endOffset) {
            return false;
        }
        answer(waiting.append(), result);
        return true;
    }

    /** Answers appends that have waited past their deadline. */
    void expire(long nowNanos) {
        expire(uncommitted, nowNanos);
        expire(unreplicated, nowNanos);
        unreplicated.removeIf(waiting -> waiting.append().isAnswered());
    }

    private void expire(ArrayDeque<Waiting> waits, long nowNanos) {
        for (var waiting : waits) {
            if (waiting.append().group().deadlineNanos() - nowNanos <= 0) {
                answer(waiting.append(), timedOut());
            }
        }
    }

    /** Refuses what waits for replicas that are no longer in sync; it is in the log and may be replicated yet. */
    void refuseUnreplicated(AppendResult result) {
        unreplicated.forEach(waiting -> answer(waiting.append(), result));
        unreplicated.clear();
    }

    private AppendResult timedOut() {
        return AppendResult.refused(
                ErrorCode.REQUEST_TIMED_OUT, published + " was not replicated in time; the records may appear later");
    }

    /** Refuses everything; memory that the log holds on to is given back when its commit ends. */
    void refuseAll(AppendResult result) {
        uncommitted.forEach(waiting -> answer(waiting.append(), result));
        unreplicated.forEach(waiting -> answer(waiting.append(), result));
        unreplicated.clear();
    }

    /** The log holds on to nothing any more. */
    void giveBackAll() {
        durable(Long.MAX_VALUE);
    }

    void answerAppended(PendingAppend append) {
        answer(append, AppendResult.appended(append.baseOffset(), published.logStartOffset()));
    }

    void answer(PendingAppend append, AppendResult result) {
        append.answer(result);
        append.group().settle(outbox);
    }
}
