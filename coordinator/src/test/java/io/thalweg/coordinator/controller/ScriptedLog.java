package io.thalweg.coordinator.controller;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.coordination.ReconfigurableLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A metadata log whose every step the test takes. Owned by the test's thread. */
final class ScriptedLog implements ReconfigurableLog {

    private final List<Proposal> proposals = new ArrayList<>();
    private final List<Long> snapshots = new ArrayList<>();
    private final CompletableFuture<Void> voterChange = new CompletableFuture<>();
    private @Nullable MetadataListener listener;
    private int epoch;
    private long nextOffset;

    record Proposal(int epoch, List<ByteBuffer> records, CompletableFuture<Long> stage) {}

    MetadataListener listener() {
        return Objects.requireNonNull(listener, "listener");
    }

    void lead() {
        epoch++;
        listener().leadership(new Leadership(OptionalInt.of(1), epoch, true));
    }

    void follow(int leader) {
        epoch++;
        listener().leadership(new Leadership(OptionalInt.of(leader), epoch, false));
    }

    List<Proposal> proposals() {
        return proposals;
    }

    /** End offsets of the snapshots kept. */
    List<Long> snapshots() {
        return snapshots;
    }

    /** Commits the oldest proposal. */
    void commit() {
        var proposal = proposals.remove(0);
        nextOffset += proposal.records.size();
        listener().committed(nextOffset - 1, proposal.records);
        proposal.stage.complete(nextOffset - 1);
    }

    /** Fails the oldest proposal because another leads. */
    void refuse() {
        proposals
                .remove(0)
                .stage
                .completeExceptionally(
                        new NotLeaderException(epoch, new Leadership(OptionalInt.of(2), epoch + 1, false)));
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        var proposal = new Proposal(leaderEpoch, records, new CompletableFuture<>());
        proposals.add(proposal);
        return proposal.stage;
    }

    @Override
    public void subscribe(MetadataListener newListener) {
        listener = newListener;
    }

    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        snapshots.add(endOffset);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Long> barrier() {
        return CompletableFuture.completedStage(nextOffset);
    }

    /** What becomes of any change of who votes. */
    CompletableFuture<Void> voterChange() {
        return voterChange;
    }

    @Override
    public CompletionStage<Void> addVoter(QuorumVoter voter) {
        return voterChange;
    }

    @Override
    public CompletionStage<Void> removeVoter(int nodeId) {
        return voterChange;
    }

    @Override
    public QuorumState quorum() {
        var leader = new Leadership(OptionalInt.of(1), epoch, true);
        return new QuorumState(leader, nextOffset, List.of(), List.of());
    }

    @Override
    public void close() {}
}
