package io.thalweg.broker.partition;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.purgatory.Watches;
import io.thalweg.broker.replication.IsrChange;
import io.thalweg.broker.replication.MaximalIsr;
import io.thalweg.broker.replication.ReplicaTracker;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final Clock clock;
    private final int leaderEpoch;
    private final ReplicaTracker replicas;
    private final AppendWaits waits;
    private final UntoldRefusals refusals;
    private final FullDisk fullDisk;
    /** Fired when consumers may find more. */
    private final Watches watches = new Watches();
    /** Fired when followers may find more. */
    private final Watches followerWatches = new Watches();

    private final List<PendingAppend> staged = new ArrayList<>();
    private final List<Batch> stagedBatches = new ArrayList<>();
    private long durableOffset;
    private int neededReplicas;
    private boolean isClosed;

    /** Begins to lead, on the shard. */
    public static LeaderPartition begin(
            ReplicaLog state, Leading leading, EventLoop owner, Outbox outbox, Clock clock) {
        assert owner.isCurrent();
        state.beginEpoch(leading.leaderEpoch());
        var leader = new LeaderPartition(state, leading, owner, outbox, clock);
        leader.publish(leading);
        return leader;
    }

    private LeaderPartition(ReplicaLog state, Leading leading, EventLoop owner, Outbox outbox, Clock clock) {
        this.published = state.published();
        this.state = state;
        this.owner = owner;
        this.outbox = outbox;
        this.clock = clock;
        this.leaderEpoch = leading.leaderEpoch();
        this.neededReplicas = leading.neededReplicas();
        this.waits = new AppendWaits(published, outbox);
        this.refusals = new UntoldRefusals(clock);
        this.fullDisk = new FullDisk(clock);
        this.durableOffset = state.log().offsets().durable();
        this.replicas = new ReplicaTracker(
                leading.brokerId(), leading.assignment(), state.highWatermark(), state.nextOffset(), clock.nanos());
    }

    private void publish(Leading leading) {
        replicas.durable(durableOffset);
        if (replicas.advance(neededReplicas)) {
            state.raiseHighWatermark(replicas.highWatermark());
        }
        state.publishAll();
        published.publishReplicas(leading.assignment().replicas());
        published.publishInSync(replicas.inSync());
        published.publishLeading(this, state.log(), leaderEpoch);
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** The controller has changed who holds the partition, or who is in sync, and left the leader as it is. */
    public void update(Leading leading) {
        assert owner.isCurrent() && leading.leaderEpoch() == leaderEpoch;
        if (!isClosed && replicas.update(leading.assignment(), clock.nanos())) {
            published.publishReplicas(leading.assignment().replicas());
            neededReplicas = leading.neededReplicas();
            isrChanged();
        }
    }

    private void isrChanged() {
        published.publishInSync(replicas.inSync());
        if (replicas.inSyncCount() < neededReplicas) {
            waits.refuseUnreplicated(AppendResult.refused(
                    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, tooFewReplicas() + "; the records may appear later"));
        }
        advanceHighWatermark();
    }

    /**
     * A follower has fetched: it holds everything below the offset, as part of this log.
     *
     * @param inEpoch the leader epoch it has fetched under
     */
    public void acknowledged(int replicaId, long brokerEpoch, long endOffset, int inEpoch) {
        assert owner.isCurrent();
        if (isClosed || inEpoch != leaderEpoch) {
            return;
        }
        if (replicas.acknowledge(replicaId, brokerEpoch, endOffset, published.logEndOffset(), clock.nanos())) {
            advanceHighWatermark();
        }
    }

    /** Whose acknowledgements its high watermark waits for; between turns. */
    public MaximalIsr maximalIsr() {
        return replicas.maximalIsr(neededReplicas);
    }

    /**
     * The ISR to ask the controller for, if it should be another one; it is then under way until {@link #update} or {@link #isrRefused}.
     */
    public Optional<IsrChange> proposeIsr(long lagNanos) {
        assert owner.isCurrent();
        return isClosed ? Optional.empty() : replicas.propose(published.logEndOffset(), clock.nanos(), lagNanos);
    }

    /** The controller is known not to have made the change: who would have joined holds the high watermark back no more. */
    public void isrRefused(IsrChange change, long restNanos) {
        assert owner.isCurrent();
        replicas.refused(change, clock.nanos(), restNanos);
        if (!isClosed) {
            advanceHighWatermark();
        }
    }

    /** It is not known whether the controller has made the change: it is asked for again. */
    public void isrUndecided(IsrChange change) {
        assert owner.isCurrent();
        replicas.undecided(change);
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
        var verdict = state.producers().check(batch, append::isBehindRefused);
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
        if (append.group().acks() == Acks.ALL && replicas.inSyncCount() < neededReplicas) {
            return AppendResult.refused(ErrorCode.NOT_ENOUGH_REPLICAS, tooFewReplicas());
        }
        return null;
    }

    private String tooFewReplicas() {
        return published + " has " + replicas.inSyncCount() + " in-sync replicas: min.insync.replicas is "
                + neededReplicas;
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
        var reached = append.group().acks() == Acks.ALL ? replicas.highWatermark() : durableOffset;
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
        var previousEnd = published.logEndOffset();
        try {
            state.append(stagedBatches, bytes);
        } catch (StorageException e) {
            refuseStaged(e);
            return false;
        }
        if (fullDisk.hasRoomAgain()) {
            published.publishFull(false);
        }
        published.traffic().appended(bytes, records);
        if (replicas.hasFollowers()) {
            replicas.appended(previousEnd, clock.nanos());
            followerWatches.fireAll(outbox);
        }
        for (var append : staged) {
            append.lend();
            waits.add(append, append.batch().nextOffset());
        }
        clearStaged();
        return true;
    }

    private void refuseStaged(StorageException e) {
        if (e instanceof StorageException.Full && fullDisk.isFullForLong()) {
            published.publishFull(true);
        }
        var untold = refusals.note(staged.size());
        if (untold > 0) {
            log.warn("{} batches for {} were refused since this was last said", untold, published, e);
        }
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
            replicas.durable(durableOffset);
            advanceHighWatermark();
        }
    }

    private void advanceHighWatermark() {
        if (!replicas.advance(neededReplicas)) {
            return;
        }
        state.raiseHighWatermark(replicas.highWatermark());
        waits.replicated(replicas.highWatermark());
        watches.fireAll(outbox);
    }

    @Override
    public void commitFailed(Throwable failure) {
        assert owner.isCurrent();
        log.error("{} goes offline: what was appended could not be made durable", published, failure);
        close(ErrorCode.KAFKA_STORAGE_ERROR, "commit refused: " + failure.getMessage());
        waits.giveBackAll();
    }

    /** Answers appends that have waited past their deadline. */
    public void expire(long nowNanos) {
        assert owner.isCurrent();
        waits.expire(nowNanos);
    }

    /** Fires the watch at once if consumers see another partition than the watcher did, else when that is so. */
    public void watch(Watch watch, long seenLogStart, long seenHighWatermark, int seenLeaderEpoch) {
        watch(watch, watches, seenHighWatermark == replicas.highWatermark(), seenLogStart, seenLeaderEpoch);
    }

    /** The same for a follower, which sees the log up to its end. */
    public void watchEnd(Watch watch, long seenLogStart, long seenLogEnd, int seenLeaderEpoch) {
        watch(watch, followerWatches, seenLogEnd == published.logEndOffset(), seenLogStart, seenLeaderEpoch);
    }

    private void watch(Watch watch, Watches kept, boolean isEndAsSeen, long seenLogStart, int seenLeaderEpoch) {
        assert owner.isCurrent();
        var isAsSeen = isEndAsSeen && seenLogStart == published.logStartOffset() && seenLeaderEpoch == leaderEpoch;
        if (isClosed || !isAsSeen) {
            Watches.fire(watch, outbox);
        } else {
            kept.add(watch);
        }
    }

    @Override
    public void startAdvanced(long startOffset) {
        assert owner.isCurrent();
        if (!isClosed && state.startAdvanced(startOffset)) {
            fireWatches();
        }
    }

    /** How many replicas acks=all asks for; of a partition that has fewer, all of them. */
    public void minInsyncReplicas(int value) {
        assert owner.isCurrent();
        neededReplicas = Math.min(value, replicas.count());
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
        fireWatches();
    }

    private void fireWatches() {
        watches.fireAll(outbox);
        followerWatches.fireAll(outbox);
    }

    @Override
    public String toString() {
        return published.toString();
    }
}
