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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
public final class LeaderPartition {

    private static final Logger log = LoggerFactory.getLogger(LeaderPartition.class);

    private final Partition published;
    private final PartitionLog partitionLog;
    private final EventLoop owner;
    private final Outbox outbox;
    private final int leaderEpoch;
    private final int brokerId;
    private final int replicaCount;
    private final HighWatermark highWatermark;
    private final ProducerStates producers;
    private final Watches watches = new Watches();

    private final List<PendingAppend> staged = new ArrayList<>();
    private final List<Batch> stagedBatches = new ArrayList<>();
    private final ArrayDeque<Waiting> uncommitted = new ArrayDeque<>();
    private final ArrayDeque<Waiting> unreplicated = new ArrayDeque<>();
    private EpochHistory epochs;
    private long nextOffset;
    private long durableOffset;
    private long unsavedBytes;
    private int minInsyncReplicas;
    private boolean isClosed;

    /** An append and the end offset that has to be durable, or replicated, before it is answered. */
    private record Waiting(PendingAppend append, long endOffset) {}

    /** Completes with the log and what its checkpoints and batches tell; runs on the engine's threads. */
    public static CompletionStage<RestoredLog> restore(PartitionLog opened, Checkpoints checkpoints) {
        return LogRestore.of(opened, checkpoints);
    }

    /** Begins to lead, on the shard. */
    public static LeaderPartition begin(
            Partition published, RestoredLog restored, Leading leading, EventLoop owner, Outbox outbox) {
        assert owner.isCurrent();
        return new LeaderPartition(published, restored, leading, owner, outbox);
    }

    private LeaderPartition(
            Partition published, RestoredLog restored, Leading leading, EventLoop owner, Outbox outbox) {
        this.published = published;
        this.partitionLog = restored.log();
        this.producers = restored.producers();
        this.owner = owner;
        this.outbox = outbox;
        this.leaderEpoch = leading.leaderEpoch();
        this.brokerId = leading.brokerId();
        this.replicaCount = leading.replicaCount();
        this.minInsyncReplicas = Math.min(leading.minInsyncReplicas(), replicaCount);
        var offsets = partitionLog.offsets();
        this.nextOffset = offsets.end();
        this.epochs = restored.epochs().with(leaderEpoch, nextOffset);
        this.highWatermark = new HighWatermark(offsets.start(), leading.inSync());
        this.durableOffset = offsets.durable();
        highWatermark.acknowledge(brokerId, durableOffset);
        highWatermark.advance(1);
        publishAll();
    }

    private void publishAll() {
        var offsets = partitionLog.offsets();
        published.publishBounds(offsets.start(), offsets.end());
        published.publishEpochs(epochs);
        published.publishHighWatermark(highWatermark.offset());
        published.publishLeading(this, partitionLog, leaderEpoch);
    }

    /** Checks a batch and stages it for {@link #flush}, or answers it. */
    public void append(PendingAppend append) {
        assert owner.isCurrent();
        var refusal = refusal(append);
        if (refusal != null) {
            answer(append, refusal);
            return;
        }
        var batch = append.batch();
        if (batch.producerId() == RecordBatch.NO_PRODUCER_ID) {
            stage(append);
            return;
        }
        var verdict = producers.check(batch);
        if (verdict instanceof ProducerStates.Verdict.Fresh) {
            stage(append);
            producers.note(batch);
        } else if (verdict instanceof ProducerStates.Verdict.Duplicate duplicate) {
            answerDuplicate(append, duplicate.batch());
        } else if (verdict instanceof ProducerStates.Verdict.Refused refused) {
            answer(append, AppendResult.refused(refused.error(), published + ": " + refused.reason()));
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
        batch.assignOffsets(nextOffset);
        batch.assignLeaderEpoch(leaderEpoch);
        append.placedAt(nextOffset);
        nextOffset = batch.nextOffset();
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
            answerAppended(append);
        } else {
            waitFor(append, endOffset);
        }
    }

    /** Puts what was staged into the log, all of it or none. Tells whether there is something to commit. */
    public boolean flush() {
        assert owner.isCurrent();
        if (staged.isEmpty()) {
            return false;
        }
        try {
            partitionLog.append(stagedBatches);
        } catch (StorageException e) {
            refuseStaged(e);
            return false;
        }
        producers.keep();
        published.publishBounds(published.logStartOffset(), nextOffset);
        countIn();
        for (var append : staged) {
            append.lend();
            waitFor(append, append.batch().nextOffset());
        }
        clearStaged();
        return true;
    }

    private void countIn() {
        var bytes = 0L;
        var records = 0L;
        for (var append : staged) {
            bytes += append.batch().sizeInBytes();
            records += append.batch().recordsCount();
        }
        published.traffic().appended(bytes, records);
        unsavedBytes += bytes;
    }

    private void refuseStaged(StorageException e) {
        log.warn("append of {} batches to {} refused", staged.size(), published, e);
        producers.undo();
        nextOffset = partitionLog.offsets().end();
        var result = AppendResult.refused(StorageErrors.codeOf(e), published + ": " + e.getMessage());
        for (var append : staged) {
            answer(append, result);
        }
        // Duplicates of what was staged wait for offsets that other records will get.
        uncommitted.removeIf(waiting -> refuseBeyondEnd(waiting, result));
        unreplicated.removeIf(waiting -> refuseBeyondEnd(waiting, result));
        clearStaged();
    }

    private boolean refuseBeyondEnd(Waiting waiting, AppendResult result) {
        if (waiting.endOffset() <= nextOffset) {
            return false;
        }
        answer(waiting.append(), result);
        return true;
    }

    private void clearStaged() {
        staged.clear();
        stagedBatches.clear();
    }

    private void waitFor(PendingAppend append, long endOffset) {
        var waiting = new Waiting(append, endOffset);
        uncommitted.add(waiting);
        switch (append.group().acks()) {
            case NONE -> answer(append, AppendResult.appended(append.baseOffset(), published.logStartOffset()));
            case LEADER -> {}
            case ALL -> unreplicated.add(waiting);
        }
    }

    /** The end offset that a commit begun now will make durable. */
    public long endOffset() {
        return nextOffset;
    }

    public PartitionLog log() {
        return partitionLog;
    }

    /** Everything below the offset is durable here. */
    public void committed(long endOffset) {
        assert owner.isCurrent();
        if (isClosed) {
            return;
        }
        durableOffset = Math.max(durableOffset, endOffset);
        while (!uncommitted.isEmpty() && uncommitted.peek().endOffset() <= durableOffset) {
            var waiting = uncommitted.remove();
            waiting.append().giveBack();
            if (waiting.append().group().acks() == Acks.LEADER) {
                answerAppended(waiting.append());
            } else {
                waiting.append().group().settle(outbox);
            }
        }
        highWatermark.acknowledge(brokerId, durableOffset);
        advanceHighWatermark();
    }

    private void advanceHighWatermark() {
        if (!highWatermark.advance(minInsyncReplicas)) {
            return;
        }
        published.publishHighWatermark(highWatermark.offset());
        while (!unreplicated.isEmpty() && unreplicated.peek().endOffset() <= highWatermark.offset()) {
            answerAppended(unreplicated.remove().append());
        }
        watches.fireAll(outbox);
    }

    private void answerAppended(PendingAppend append) {
        answer(append, AppendResult.appended(append.baseOffset(), published.logStartOffset()));
    }

    private void answer(PendingAppend append, AppendResult result) {
        append.answer(result);
        append.group().settle(outbox);
    }

    /** What was appended cannot be made durable; the log is out of use until it is opened again. */
    public void commitFailed(Throwable failure) {
        assert owner.isCurrent();
        log.error("{} goes offline: what was appended could not be made durable", published, failure);
        close(StorageErrors.codeOf(failure), "commit refused: " + failure.getMessage());
    }

    /** Answers appends that have waited past their deadline. */
    public void expire(long nowNanos) {
        assert owner.isCurrent();
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

    private AppendResult timedOut() {
        return AppendResult.refused(
                ErrorCode.REQUEST_TIMED_OUT, published + " was not replicated in time; the records may appear later");
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

    /** The log start has moved. */
    public void startAdvanced(long startOffset) {
        assert owner.isCurrent();
        if (!isClosed && startOffset > published.logStartOffset()) {
            epochs = epochs.from(startOffset);
            published.publishEpochs(epochs);
            published.publishBounds(startOffset, partitionLog.offsets().end());
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

    /** The last offset of each producer that is remembered; between turns, when nothing is staged. */
    public Map<Long, Long> producerOffsets() {
        assert owner.isCurrent() && staged.isEmpty();
        var offsets = new LinkedHashMap<Long, Long>();
        producers.entries().forEach((id, entry) -> offsets.put(id, entry.last().lastOffset()));
        return offsets;
    }

    /** Forgets producers that wrote nothing since the given time, epoch milliseconds. */
    public void expireProducers(long olderThanMillis) {
        assert owner.isCurrent();
        producers.expire(olderThanMillis);
    }

    /** How many bytes were appended since the state was last taken to be saved, or since this broker leads. */
    public long unsavedBytes() {
        return unsavedBytes;
    }

    /** What has to outlive a restart; of a partition that was given up, without what was not in the log by then. */
    public PartitionState stateToSave() {
        assert owner.isCurrent() && staged.isEmpty();
        unsavedBytes = 0;
        return new PartitionState(nextOffset, producers.entries(), epochs);
    }

    public boolean isClosed() {
        return isClosed;
    }

    /** Gives the partition up: everything that waits is answered with the error. */
    public void close(ErrorCode error, String reason) {
        assert owner.isCurrent();
        if (isClosed) {
            return;
        }
        isClosed = true;
        producers.undo();
        nextOffset = partitionLog.offsets().end();
        published.publishUnavailable(error);
        var result = AppendResult.refused(error, published + ": " + reason);
        staged.forEach(append -> answer(append, result));
        clearStaged();
        for (var waiting : uncommitted) {
            waiting.append().giveBack();
            answer(waiting.append(), result);
        }
        unreplicated.forEach(waiting -> answer(waiting.append(), result));
        uncommitted.clear();
        unreplicated.clear();
        watches.fireAll(outbox);
    }

    @Override
    public String toString() {
        return published.toString();
    }
}
