package io.thalweg.broker.partition;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way into one partition. Made by an event loop, owned by the shard once published, read by the event loop again once
 * its group is answered.
 */
public final class PendingAppend {

    private final Partition partition;
    private final RecordBatch batch;
    private final ByteBuffer bytes;
    private final @Nullable RefusedSequences refusals;
    private final long logAppendTimeMillis;
    private @Nullable AppendGroup group;
    private @Nullable AppendResult result;
    private boolean isLent;
    private long baseOffset = -1;

    /** A checked batch of the broker's own, which names no producer. */
    public PendingAppend(Partition partition, RecordBatch batch, ByteBuffer bytes) {
        this(partition, batch, bytes, null);
    }

    /**
     * A checked batch.
     *
     * @param bytes exactly the batch, from position to limit; lent until the group is released
     * @param refusals what is to be sent again first of what came through the same connection, if it came through one
     */
    public PendingAppend(
            Partition partition, RecordBatch batch, ByteBuffer bytes, @Nullable RefusedSequences refusals) {
        this.partition = partition;
        this.batch = batch;
        this.bytes = bytes;
        this.refusals = refusals;
        this.logAppendTimeMillis = batch.timestampType() == TimestampType.LOG_APPEND_TIME
                ? batch.maxTimestamp()
                : RecordBatch.NO_TIMESTAMP;
    }

    public Partition partition() {
        return partition;
    }

    RecordBatch batch() {
        return batch;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** Notes the offset of the first record: the batch itself may be gone when the answer is due. */
    void placedAt(long offset) {
        baseOffset = offset;
    }

    long baseOffset() {
        return baseOffset;
    }

    void joins(AppendGroup joined) {
        group = joined;
    }

    AppendGroup group() {
        if (group == null) {
            throw new IllegalStateException("append to " + partition + " belongs to no group");
        }
        return group;
    }

    boolean isAnswered() {
        return result != null;
    }

    /** Whether the connection was refused an earlier batch of the same producer, and has not sent it again yet. */
    boolean isBehindRefused() {
        return refusals != null && refusals.isBehindOne(partition.id(), batch);
    }

    /** Answers; later answers change nothing. */
    void answer(AppendResult given) {
        if (result == null) {
            result = given;
            if (refusals != null) {
                refusals.answered(partition.id(), batch, given.error());
            }
            group().answered();
        }
    }

    /** Answers that the batch was not appended. */
    public void refuse(ErrorCode error, String message, Outbox outbox) {
        answer(AppendResult.refused(error, message));
        group().settle(outbox);
    }

    /** The log holds on to the bytes until the next commit. */
    void lend() {
        isLent = true;
        group().lent();
    }

    /** The log has let go of the bytes. */
    void giveBack() {
        if (isLent) {
            isLent = false;
            group().givenBack();
        }
    }

    /** The time the broker stamped the batch with, epoch milliseconds; -1 if it has the producer's. */
    public long logAppendTimeMillis() {
        return logAppendTimeMillis;
    }

    /** What became of it; only after the group is answered. */
    public AppendResult result() {
        if (result == null) {
            throw new IllegalStateException("append to " + partition + " is not answered yet");
        }
        return result;
    }
}
