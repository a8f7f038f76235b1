package io.thalweg.broker.partition;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.purgatory.Watches;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that another broker leads and this one holds a copy of. Owned by the shard.
 *
 * <p>The leader's batches are appended as they are. What was fetched goes through {@link #stage}, {@link #flush} and {@link #committed};
 * only then is the partition {@linkplain #isReady ready} to be fetched from where it ends, which is how the leader learns what is durable
 * here.
 */
public final class FollowerPartition implements Replica {

    private static final Logger log = LoggerFactory.getLogger(FollowerPartition.class);

    private final Partition published;
    private final ReplicaLog state;
    private final EventLoop owner;
    private final Outbox outbox;
    private final Following following;
    private final Watches watches = new Watches();
    private final List<Batch> staged = new ArrayList<>();
    private long stagedBytes;
    private long leaderHighWatermark;
    private long durableOffset;
    private Runnable whenSettled = () -> {};
    private boolean isLent;
    private boolean isCutting;
    private boolean isClosed;

    /** Begins to follow, on the shard. What is not durable yet has to be committed. */
    public static FollowerPartition begin(ReplicaLog state, Following following, EventLoop owner, Outbox outbox) {
        assert owner.isCurrent();
        state.dropEmptyEpoch();
        state.publishAll();
        state.published().publishFollowing(state.log(), following.leaderEpoch());
        return new FollowerPartition(state, following, owner, outbox);
    }

    private FollowerPartition(ReplicaLog state, Following following, EventLoop owner, Outbox outbox) {
        this.published = state.published();
        this.state = state;
        this.owner = owner;
        this.outbox = outbox;
        this.following = following;
        this.durableOffset = state.log().offsets().durable();
    }

    /** Has the task run on the shard whenever the partition may have become ready, or was closed. */
    public void whenSettled(Runnable task) {
        whenSettled = task;
    }

    @Override
    public ReplicaLog state() {
        return state;
    }

    public Partition published() {
        return published;
    }

    public Following following() {
        return following;
    }

    /** Whether everything it holds is durable and part of a log that is whole, so that more may be fetched. */
    public boolean isReady() {
        return !isClosed && !isCutting && !holdsFetched() && durableOffset >= state.nextOffset();
    }

    /** Whether its leader has records for consumers that are not here. */
    public boolean isBehind() {
        return state.nextOffset() < leaderHighWatermark;
    }

    /** Whether it still needs the bytes that were staged last, also after it was closed. */
    public boolean holdsFetched() {
        return isLent || !staged.isEmpty();
    }

    /** The epoch of the last record here, -1 if there is none. */
    public int lastEpoch() {
        return state.lastEpoch();
    }

    /**
     * Takes what the leader answered, to be put into the log at the end of the turn.
     *
     * @param records batches of the leader; lent until the partition has settled
     * @param highWatermark the leader's
     * @return whether there is something to flush; else it is settled already
     * @throws CorruptRecordException when the batches are not those of a log that goes on where this one ends; none is staged
     */
    public boolean stage(ByteBuffer records, long highWatermark) {
        assert owner.isCurrent() && isReady();
        leaderHighWatermark = highWatermark;
        try {
            for (var batch : RecordBatches.in(records)) {
                if (batch.partitionLeaderEpoch() > following.leaderEpoch()) {
                    // The leader was elected again while it answered.
                    break;
                }
                stage(batch);
            }
        } catch (CorruptRecordException e) {
            dropStaged();
            throw e;
        }
        if (staged.isEmpty()) {
            followHighWatermark();
        }
        return !staged.isEmpty();
    }

    private void stage(RecordBatch batch) {
        if (batch.baseOffset() < state.nextOffset() || batch.lastOffsetDelta() < 0 || !batch.crcIsValid()) {
            throw new CorruptRecordException(published + ": " + batch + " does not fit behind offset "
                    + state.nextOffset() + ", or has another CRC");
        }
        state.producers().note(batch);
        state.stagedUpTo(batch.nextOffset());
        stagedBytes += batch.sizeInBytes();
        staged.add(new Batch(
                batch.bytes(),
                batch.baseOffset(),
                batch.lastOffset(),
                batch.partitionLeaderEpoch(),
                batch.maxTimestamp()));
    }

    private void dropStaged() {
        state.undoStaged();
        staged.clear();
        stagedBytes = 0;
    }

    @Override
    public boolean flush() {
        assert owner.isCurrent();
        if (staged.isEmpty()) {
            return false;
        }
        try {
            state.append(staged, stagedBytes);
        } catch (StorageException e) {
            // Without a trace: as long as the disk is full it comes back with every try.
            log.warn("append of {} fetched batches to {} refused: {}", staged.size(), published, e.toString());
            dropStaged();
            whenSettled.run();
            return false;
        }
        isLent = true;
        state.noteEpochs(staged);
        staged.clear();
        stagedBytes = 0;
        followHighWatermark();
        return true;
    }

    /** Follows the leader's as far as the log goes; never back. */
    private void followHighWatermark() {
        var reached = Math.min(leaderHighWatermark, state.nextOffset());
        if (reached > state.highWatermark()) {
            state.raiseHighWatermark(reached);
            watches.fireAll(outbox);
        }
    }

    /** Fires the watch of a consumer at once if it sees another partition than the watcher did, else when that is so. */
    public void watch(Watch watch, long seenLogStart, long seenHighWatermark, int seenLeaderEpoch) {
        assert owner.isCurrent();
        var isAsSeen = seenHighWatermark == state.highWatermark()
                && seenLogStart == published.logStartOffset()
                && seenLeaderEpoch == following.leaderEpoch();
        if (isClosed || !isAsSeen) {
            Watches.fire(watch, outbox);
        } else {
            watches.add(watch);
        }
    }

    @Override
    public void committed(long endOffset) {
        assert owner.isCurrent();
        durableOffset = Math.max(durableOffset, endOffset);
        isLent = false;
        whenSettled.run();
    }

    @Override
    public void commitFailed(Throwable failure) {
        assert owner.isCurrent();
        log.error("{} goes offline: what was fetched could not be made durable", published, failure);
        isLent = false;
        close(ErrorCode.KAFKA_STORAGE_ERROR, "commit refused: " + failure.getMessage());
        whenSettled.run();
    }

    /**
     * Where this log has to be cut, given where the leader's says they part: below every record that the leader does not have under the
     * same epoch.
     */
    public long cutFor(EpochHistory.End leaderEnd) {
        var own = state.epochs().endOf(leaderEnd.epoch(), state.epochs().latestEpoch(), state.nextOffset());
        var agreed = own.epoch() < 0 ? leaderEnd.endOffset() : Math.min(own.endOffset(), leaderEnd.endOffset());
        return Math.min(agreed, state.nextOffset());
    }

    /** Nothing is fetched until {@link #cut}. */
    public void cutting() {
        assert owner.isCurrent() && isReady();
        isCutting = true;
    }

    /** The log was cut, or begins elsewhere, and was read again; what is not durable has to be committed. */
    public void cut(RestoredLog restored) {
        assert owner.isCurrent();
        isCutting = false;
        state.restored(restored);
        durableOffset = state.log().offsets().durable();
        watches.fireAll(outbox);
        whenSettled.run();
    }

    @Override
    public void startAdvanced(long startOffset) {
        assert owner.isCurrent();
        if (!isClosed && state.startAdvanced(startOffset)) {
            watches.fireAll(outbox);
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
        if (!staged.isEmpty()) {
            dropStaged();
        }
        published.publishUnavailable(error);
        watches.fireAll(outbox);
        log.debug("{} is no longer followed: {}", published, reason);
        whenSettled.run();
    }

    @Override
    public String toString() {
        return published.toString();
    }
}
