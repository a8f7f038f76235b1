package io.thalweg.memory.coordination;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of an {@link InProcessQuorum}. Its fields are guarded by the quorum; what it tells, it tells on its executor.
 */
final class QuorumMember implements MetadataLog {

    private static final Logger LOG = LoggerFactory.getLogger(QuorumMember.class);

    private final InProcessQuorum quorum;
    private final int id;
    private final Executor executor;
    private final Runnable onClosed;
    private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();
    private final List<CompletableFuture<Long>> barriers = new ArrayList<>();
    private @Nullable MetadataListener listener;
    private Leadership told = new Leadership(OptionalInt.empty(), -1, false);
    private long nextOffset;
    private boolean isCutOff;
    private boolean isClosed;

    private record Proposal(int epoch, List<ByteBuffer> records, CompletableFuture<Long> stage) {}

    QuorumMember(InProcessQuorum quorum, int id, Executor executor, Runnable onClosed) {
        this.quorum = quorum;
        this.id = id;
        this.executor = executor;
        this.onClosed = onClosed;
    }

    int id() {
        return id;
    }

    /** Whether the others hear it, and it them. */
    boolean isConnected() {
        return listener != null && !isCutOff && !isClosed;
    }

    void cutOff(boolean newIsCutOff) {
        isCutOff = newIsCutOff;
    }

    QuorumState.Member state() {
        return new QuorumState.Member(id, nextOffset, QuorumState.UNKNOWN, QuorumState.UNKNOWN);
    }

    Leadership told() {
        return told;
    }

    /** Tells the listener what it has not heard yet. */
    void catchUp(SharedEntries shared, Leadership current) {
        var hearing = listener;
        if (hearing == null || !isConnected()) {
            return;
        }
        var snapshot = shared.snapshotFor(nextOffset);
        if (snapshot != null) {
            nextOffset = snapshot.endOffset();
            run(() -> hearing.snapshot(snapshot.endOffset(), SharedEntries.readOnly(snapshot.records())));
        }
        while (nextOffset < shared.endOffset()) {
            long offset = nextOffset++;
            var records = shared.entry(offset);
            run(() -> hearing.committed(offset, records));
        }
        tell(hearing, current);
        long heard = nextOffset;
        List.copyOf(barriers).forEach(stage -> run(() -> stage.complete(heard)));
        barriers.clear();
    }

    private void tell(MetadataListener hearing, Leadership current) {
        var isLocal = current.leaderId().equals(OptionalInt.of(id));
        var mine = new Leadership(current.leaderId(), current.epoch(), isLocal);
        if (current.epoch() >= 0 && !mine.equals(told)) {
            told = mine;
            run(() -> hearing.leadership(mine));
        }
    }

    /** Commits what was proposed under the epoch, refuses what was under another one. */
    void endProposals(SharedEntries shared, Leadership current) {
        for (var proposal = proposals.poll(); proposal != null; proposal = proposals.poll()) {
            end(proposal, shared, current);
        }
    }

    private void end(Proposal proposal, SharedEntries shared, Leadership current) {
        if (proposal.epoch != current.epoch() || !current.leaderId().equals(OptionalInt.of(id))) {
            var refusal = new NotLeaderException(proposal.epoch, current);
            run(() -> proposal.stage.completeExceptionally(refusal));
            return;
        }
        long offset = shared.append(proposal.records);
        catchUp(shared, current);
        run(() -> proposal.stage.complete(offset));
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("proposal without records: expected at least one");
        }
        synchronized (quorum) {
            checkOpen();
            var proposal = new Proposal(leaderEpoch, SharedEntries.copies(records), new CompletableFuture<>());
            proposals.add(proposal);
            quorum.settle();
            return proposal.stage;
        }
    }

    @Override
    public void subscribe(MetadataListener newListener) {
        synchronized (quorum) {
            checkOpen();
            if (listener != null) {
                throw new IllegalStateException("member " + id + " of the metadata quorum has a listener already");
            }
            listener = newListener;
            quorum.settle();
        }
    }

    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        synchronized (quorum) {
            checkOpen();
            if (endOffset > nextOffset) {
                return CompletableFuture.failedFuture(new IllegalArgumentException(
                        "snapshot below offset " + endOffset + " refused: entries are committed up to " + nextOffset));
            }
            quorum.keep(new SharedEntries.Snapshot(endOffset, SharedEntries.copies(records)));
            var done = new CompletableFuture<Void>();
            run(() -> done.complete(null));
            return done;
        }
    }

    @Override
    public CompletionStage<Long> barrier() {
        synchronized (quorum) {
            checkOpen();
            var stage = new CompletableFuture<Long>();
            barriers.add(stage);
            quorum.settle();
            return stage;
        }
    }

    @Override
    public QuorumState quorum() {
        synchronized (quorum) {
            return quorum.state(told);
        }
    }

    private void checkOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("member " + id + " of the metadata quorum is closed");
    }

    @Override
    public void close() {
        List<CompletableFuture<Long>> unfinished;
        synchronized (quorum) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            unfinished = new ArrayList<>(barriers);
            proposals.forEach(proposal -> unfinished.add(proposal.stage));
            proposals.clear();
            barriers.clear();
            quorum.left(this);
        }
        unfinished.forEach(stage -> stage.completeExceptionally(closed()));
        onClosed.run();
    }

    /** Hands a task over; an executor that has ended belongs to a node that is gone. */
    private void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("member {} of the metadata quorum hears no more", id, e);
        }
    }
}
