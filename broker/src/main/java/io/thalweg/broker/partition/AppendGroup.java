package io.thalweg.broker.partition;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.spi.runtime.EventLoop;
import java.util.List;

/**
 * The share of one produce request that goes to one shard. Owned by the shard from publication until it is answered.
 *
 * <p>It is answered when each of its appends is, and releases the request's memory when, besides, no log holds on to it.
 */
public final class AppendGroup {

    private final List<PendingAppend> appends;
    private final Acks acks;
    private final long deadlineNanos;
    private final EventLoop replyLoop;
    private final Runnable onAnswered;
    private final Runnable release;
    private final long byteCount;
    private long shardNanos;
    private int unansweredCount;
    private int lentCount;
    private boolean isReleased;
    private boolean isTold;

    /**
     * A group to publish.
     *
     * @param deadlineNanos when appends still waiting are answered with REQUEST_TIMED_OUT, on the broker's clock
     * @param replyLoop where {@code onAnswered} runs
     * @param onAnswered runs once, when every append has its result
     * @param release gives the request's memory back; runs once, on the shard
     */
    public AppendGroup(
            List<PendingAppend> appends,
            Acks acks,
            long deadlineNanos,
            EventLoop replyLoop,
            Runnable onAnswered,
            Runnable release) {
        this.appends = List.copyOf(appends);
        this.acks = acks;
        this.deadlineNanos = deadlineNanos;
        this.replyLoop = replyLoop;
        this.onAnswered = onAnswered;
        this.release = release;
        this.unansweredCount = appends.size();
        var bytes = 0L;
        for (var append : this.appends) {
            append.joins(this);
            bytes += append.bytes().remaining();
        }
        this.byteCount = bytes;
    }

    public List<PendingAppend> appends() {
        return appends;
    }

    /** What all its batches take. */
    public long byteCount() {
        return byteCount;
    }

    /** The shard has worked for it. */
    public void workedFor(long nanos) {
        shardNanos += nanos;
    }

    /** How long the shard has worked for it; known once it is answered. */
    public long shardNanos() {
        return shardNanos;
    }

    Acks acks() {
        return acks;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void answered() {
        unansweredCount--;
    }

    void lent() {
        lentCount++;
    }

    void givenBack() {
        lentCount--;
    }

    /** Tells the event loop and frees the memory as far as it is time to. */
    void settle(Outbox outbox) {
        if (unansweredCount > 0) {
            return;
        }
        if (!isTold) {
            isTold = true;
            outbox.add(replyLoop, onAnswered);
        }
        if (lentCount == 0 && !isReleased) {
            isReleased = true;
            release.run();
        }
    }
}
