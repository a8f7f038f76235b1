package io.thalweg.broker.partition;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.purgatory.Watches;
import io.thalweg.broker.replication.HighWatermark;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition this broker leads. Owned by the shard.
 *
 * <p>A batch goes through {@link #append} (checked, offsets assigned, staged), {@link #flush} (in the log), {@link #committed} (durable)
 * and leaves when the offset it waits for is reached.
 */
public final class LeaderPartition implements Replica {

    private static final Logger log = LoggerFactory.getLogger(LeaderPartition.class);

    private final Partition published;
    private final ReplicaLog state;
    private final EventLoop owner;
    private final Outbox outbox;
    private final int leaderEpoch;
    private final int brokerId;
    private final int replicaCount;
    private final HighWatermark highWatermark;
    private final AppendWaits waits;
    private final Watches watches = new Watches();

    private final List<PendingAppend> staged = new ArrayList<>();
    private final List<Batch> stagedBatches = new ArrayList<>();
    private long durableOffset;
    private int minInsyncReplicas;
    private boolean isClosed;

    /** Completes with the log and what its checkpoints and batches tell; runs on the engine's threads. */
    public static CompletionStage<RestoredLog> restore(PartitionLog opened, Checkpoints checkpoints) {
        return LogRestore.of(opened, checkpoints);
    }

    /** Begins to lead, on the shard. */
    public static LeaderPartition begin(
            Partition published, RestoredLog restored, Leading leading, EventLoop owner, Outbox outbox) {
        assert owner.isCurrent();
        var leader = new LeaderPartition(new ReplicaLog(published, restored), leading, owner, outbox);
        leader.begin();
        return leader;
    }

    private LeaderPartition(ReplicaLog state, Leading leading, EventLoop owner, Outbox outbox) {
        this.published = state.published();
        this.state = state;
        this.owner = owner;
        this.outbox = outbox;
        this.leaderEpoch = leading.leaderEpoch();
        this.brokerId = leading.brokerId();
        this.replicaCount = leading.replicaCount();
        this.minInsyncReplicas = Math.min(leading.minInsyncReplicas(), replicaCount);
        this.waits = new AppendWaits(published, outbox);
        this.highWatermark = new HighWatermark(state.highWatermark(), leading.inSync());
        this.durableOffset = state.log().offsets().durable();
    }

    private void begin() {
        state.beginEpoch(leaderEpoch);
        highWatermark.acknowledge(brokerId, durableOffset);
        if (highWatermark.advance(1)) {
            state.raiseHighWatermark(highWatermark.offset());
        }
        state.publishAll();
        published.publishLeading(this, state.log(), leaderEpoch);
    }

    @Override
    public ReplicaLog state() {
        return state;
    }

    /** Checks a batch and stages it for {@link #flush}, or answers it. */
    public void append(PendingAppend append) {
        assert owner.isCurrent();
        var refusal = refusal(append);
        if (refusal != null) {
            waits.answer(append, refusal);
            return;
        }
        var batch = append.batch();
        if (batch.producerId() == RecordBatch.NO_PRODUCER_ID) {
            stage(append);
            return;
        }
        var verdict = state.producers().check(batch);
        if (verdict instanceof ProducerStates.Verdict.Fresh) {
            stage(append);
            state.producers().note(batch);
        } else if (verdict instanceof ProducerStates.Verdict.Duplicate duplicate) {
            answerDuplicate(append, duplicate.batch());
        } else if (verdict instanceof ProducerStates.Verdict.Refused refused) {
            waits.answer(append, AppendResult.refused(refused.error(), published + ": " + refused.reason()));
        }
    }

    private @Nullable AppendResult refusal(PendingAppend append) {
        if (isClosed) {
            return AppendResult.refused(published.unavailable(), published + " is not led by this broker");
        }
        if (append.group().acks() == Acks.ALL && highWatermark.inSyncCount() < minInsyncReplicas) {
            return AppendResult.refused(
                    ErrorCode.NOT_ENOUGH_REPLICAS,
                    published + " has " + highWatermark.inSyncCount() + " in-sync replicas: min.insync.replicas is "
                            + minInsyncReplicas);
        }
        return null;
    }

    private void stage(PendingAppend append) {
        var batch = append.batch();
        var baseOffset = state.nextOffset();
        batch.assignOffsets(baseOffset);
        batch.assignLeaderEpoch(leaderEpoch);
        append.placedAt(baseOffset);
        state.stagedUpTo(batch.nextOffset());
        staged.add(append);
        stagedBatches.add(
                new Batch(append.bytes(), batch.baseOffset(), batch.lastOffset(), leaderEpoch, batch.maxTimestamp()));
    }

    /** The batch is in the log or staged; its second answer waits for what the first one waits for. */
    private void answerDuplicate(PendingAppend append, ProducerEntry.Sequenced original) {
        append.placedAt(original.baseOffset());
        var endOffset = original.lastOffset() + 1;
        var reached = append.group().acks() == Acks.ALL ? highWatermark.offset() : durableOffset;
        if (endOffset <= reached) {
            waits.answerAppended(append);
        } else {
            waits.add(append, endOffset);
        }
    }

    @Override
    public boolean flush() {
        assert owner.isCurrent();
        if (staged.isEmpty()) {
            return false;
        }
        var bytes = 0L;
        var records = 0L;
        for (var append : staged) {
            bytes += append.batch().sizeInBytes();
            records += append.batch().recordsCount();
        }
        try {
            state.append(stagedBatches, bytes, records);
        } catch (StorageException e) {
            refuseStaged(e);
            return false;
        }
        for (var append : staged) {
            append.lend();
            waits.add(append, append.batch().nextOffset());
        }
        clearStaged();
        return true;
    }

    private void refuseStaged(StorageException e) {
        log.warn("append of {} batches to {} refused", staged.size(), published, e);
        var result = AppendResult.refused(StorageErrors.codeOf(e), published + ": " + e.getMessage());
        for (var append : staged) {
            waits.answer(append, result);
        }
        waits.refuseBeyond(state.nextOffset(), result);
        clearStaged();
    }

    private void clearStaged() {
        staged.clear();
        stagedBatches.clear();
    }

    @Override
    public void committed(long endOffset) {
        assert owner.isCurrent();
        durableOffset = Math.max(durableOffset, endOffset);
        waits.durable(durableOffset);
        if (!isClosed) {
            highWatermark.acknowledge(brokerId, durableOffset);
            advanceHighWatermark();
        }
    }

    private void advanceHighWatermark() {
        if (!highWatermark.advance(minInsyncReplicas)) {
            return;
        }
        state.raiseHighWatermark(highWatermark.offset());
        waits.replicated(highWatermark.offset());
        watches.fireAll(outbox);
    }

    @Override
    public void commitFailed(Throwable failure) {
        assert owner.isCurrent();
        log.error("{} goes offline: what was appended could not be made durable", published, failure);
        close(StorageErrors.codeOf(failure), "commit refused: " + failure.getMessage());
        waits.giveBackAll();
    }

    /** Answers appends that have waited past their deadline. */
    public void expire(long nowNanos) {
        assert owner.isCurrent();
        waits.expire(nowNanos);
    }

    /** Fires the watch at once if the partition is no longer as the watcher saw it, else when that changes. */
    public void watch(Watch watch, long seenLogStart, long seenHighWatermark, int seenLeaderEpoch) {
        assert owner.isCurrent();
        var isAsSeen = seenLogStart == published.logStartOffset()
                && seenHighWatermark == highWatermark.offset()
                && seenLeaderEpoch == leaderEpoch;
        if (isClosed || !isAsSeen) {
            Watches.fire(watch, outbox);
        } else {
            watches.add(watch);
        }
    }

    @Override
    public void startAdvanced(long startOffset) {
        assert owner.isCurrent();
        if (!isClosed && state.startAdvanced(startOffset)) {
            watches.fireAll(outbox);
        }
    }

    /** How many replicas acks=all asks for; of a partition that has fewer, all of them. */
    public void minInsyncReplicas(int value) {
        assert owner.isCurrent();
        minInsyncReplicas = Math.min(value, replicaCount);
        if (!isClosed) {
            advanceHighWatermark();
        }
    }

    @Override
    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public void close(ErrorCode error, String reason) {
        assert owner.isCurrent();
        if (isClosed) {
            return;
        }
        isClosed = true;
        state.undoStaged();
        published.publishUnavailable(error);
        var result = AppendResult.refused(error, published + ": " + reason);
        staged.forEach(append -> waits.answer(append, result));
        clearStaged();
        waits.refuseAll(result);
        watches.fireAll(outbox);
    }

    @Override
    public String toString() {
        return published.toString();
    }
}
