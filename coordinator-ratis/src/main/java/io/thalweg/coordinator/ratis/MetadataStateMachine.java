package io.thalweg.coordinator.ratis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * What Ratis calls: passes on what is committed and who leads. Entries and snapshots come from one thread of Ratis, what concerns
 * leadership from others.
 *
 * <p>A snapshot of the leader is put in place between {@link #pause} and {@link #reinitialize}. One that does not go through these states
 * would take no entry any more, without a word.
 */
final class MetadataStateMachine extends BaseStateMachine {

    /** The answer to a proposal: whether its entry counts. */
    static final Message COUNTED = Message.valueOf(ByteString.copyFrom(new byte[] {1}));

    private static final Message NOT_COUNTED = Message.valueOf(ByteString.copyFrom(new byte[] {0}));

    private final ListenerFeed feed;
    private final ObserverAnswers answers;
    private final RaftPeerId self;
    private final Followers followers;
    private final Consumer<Boolean> membership;
    private final SnapshotFiles files = new SnapshotFiles();
    private final AtomicReference<@Nullable Offer> offered = new AtomicReference<>();

    /** Up to where there is a snapshot. Owned by the thread that applies entries. */
    private long keptIndex = RaftLog.INVALID_LOG_INDEX;

    /** The term of the configuration that was applied last: each leader begins with one. Owned by the thread that applies entries. */
    private long configurationTerm;

    private record Offer(Snapshot snapshot, TermIndex last) {}

    /**
     * The state machine of one member.
     *
     * @param followers those of this member while it leads
     * @param membership hears whether this member is among the voters when that changes, and that it is not when the others have its server
     *     end for that
     */
    MetadataStateMachine(
            ListenerFeed feed,
            ObserverAnswers answers,
            RaftPeerId self,
            Followers followers,
            Consumer<Boolean> membership) {
        this.feed = feed;
        this.answers = answers;
        this.self = self;
        this.followers = followers;
        this.membership = membership;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(server, groupId, storage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            files.init(storage);
                            load();
                        },
                        IOException.class);
    }

    private void load() throws IOException {
        var snapshot = files.read();
        if (snapshot != null) {
            var info = Objects.requireNonNull(files.getLatestSnapshot(), "latest snapshot");
            setLastAppliedTermIndex(info.getTermIndex());
            keptIndex = info.getIndex();
            feed.restart(snapshot);
        }
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return files;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        var entry = Objects.requireNonNull(transaction.getLogEntry(), "log entry");
        var proposal =
                Proposal.fromBytes(entry.getStateMachineLogEntry().getLogData().toByteArray());
        var counts = proposal.epoch() == entry.getTerm();
        if (counts) {
            feed.committed(new LogEntry(entry.getIndex(), entry.getTerm(), proposal.records()));
        } else {
            feed.passed(entry.getTerm(), entry.getIndex());
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        followers.look();
        return CompletableFuture.completedFuture(counts ? COUNTED : NOT_COUNTED);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        feed.passed(term, index);
        followers.look();
    }

    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        configurationTerm = term;
        if (configuration.getOldPeersCount() == 0) {
            membership.accept(configuration.getPeersList().stream()
                    .anyMatch(peer -> RaftPeerId.valueOf(peer.getId()).equals(self)));
        }
    }

    /** Also where the server is closed in order, when nobody listens any more. */
    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        membership.accept(false);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId newLeader) {
        var term = division(member.getGroupId()).getCurrentTerm();
        feed.leadership(tracker -> tracker.leads(QuorumPeers.nodeId(newLeader), term));
    }

    @Override
    public void notifyLeaderReady() {
        var term = configurationTerm;
        feed.leadership(tracker -> tracker.ready(term));
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
        feed.leadership(LeadershipTracker::resigned);
    }

    @Override
    public void notifyExtendedNoLeader(RoleInfoProto role) {
        feed.leadership(LeadershipTracker::alone);
    }

    private DivisionInfo division(RaftGroupId groupId) {
        try {
            return getServer().join().getDivision(groupId).getInfo();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Answers who asks. The only member of a group asks itself before it knows what it had committed before its start: Ratis waits for the
     * first entry of a leader's term in larger groups only.
     */
    @Override
    public CompletableFuture<Message> query(Message request) {
        var division = division(getGroupId());
        if (division.isLeader() && !division.isLeaderReady()) {
            return CompletableFuture.failedFuture(
                    new StateMachineException("the leader has not applied the first entry of its term yet: ask again"));
        }
        return answers.answer(request.getContent().asReadOnlyByteBuffer())
                .thenApply(bytes -> Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)));
    }

    /** Has the next call of {@link #takeSnapshot} keep this; ends with the entry of the given term and offset. */
    void offer(Snapshot snapshot, LogEntry last) {
        offered.set(new Offer(snapshot, TermIndex.valueOf(last.term(), last.offset())));
    }

    /** On the thread that applies entries. What the snapshot stands for may go when this returns its index. */
    @Override
    public long takeSnapshot() throws IOException {
        var offer = offered.getAndSet(null);
        if (offer != null && offer.last.getIndex() > keptIndex) {
            files.write(offer.snapshot, offer.last);
            keptIndex = offer.last.getIndex();
            feed.keep(offer.snapshot);
        }
        return keptIndex;
    }
}
