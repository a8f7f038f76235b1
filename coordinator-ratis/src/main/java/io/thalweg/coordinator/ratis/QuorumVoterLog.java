package io.thalweg.coordinator.ratis;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.coordination.ReconfigurableLog;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a member that votes, or can: a Ratis server of its own. Any thread. */
final class QuorumVoterLog implements AskableLog, ReconfigurableLog {

    private static final Logger log = LoggerFactory.getLogger(QuorumVoterLog.class);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SNAPSHOT_LIMIT_MILLIS = 60_000;
    private static final long HANDOVER_LIMIT_MILLIS = 1_000;

    private final Quorum quorum;
    private final MetadataLogContext context;
    private final ListenerFeed feed;
    private final ObserverAnswers answers;
    private final MetadataStateMachine stateMachine;
    private final RaftServer server;
    private final VoterStates states;
    private final VoterChanges changes;
    private final ClientId clientId = ClientId.randomId();
    private final PendingStages pending;

    /** The way to other voters, opened by the first that needs it. */
    private final MemberCalls calls;

    /**
     * Opens the server; without voters in its settings and on its disk it waits to be added.
     *
     * @param pool tells the listener
     * @param membership hears whether this node is among the voters when that changes
     */
    static QuorumVoterLog open(
            QuorumSettings settings, MetadataLogContext context, Workers.Pool pool, Consumer<Boolean> membership) {
        try {
            NodeIdFile.claim(settings.directory(), context.quorum().nodeId());
            KnownVoters.doubts(settings.directory(), context.quorum()).forEach(log::warn);
            var opened = new QuorumVoterLog(settings, context, pool, membership);
            opened.start();
            return opened;
        } catch (ConfigException | TransportException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unusable(settings.directory(), e);
        }
    }

    /** Ratis says neither whose log it cannot read nor what to do about it. */
    private static IllegalStateException unusable(Path directory, Exception failure) {
        return new IllegalStateException(
                "the metadata log in " + directory + " could not be opened: " + reasons(failure)
                        + "; if it is damaged, and a majority of the other voters runs, move that directory away and start again:"
                        + " it is fetched from them",
                failure);
    }

    /** From the outermost on: one says which file it is, the next what is wrong with it, and the last may say nothing. */
    private static String reasons(Exception failure) {
        var reasons = Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(each -> each.getMessage() != null)
                .filter(each ->
                        each.getCause() == null || !each.getCause().toString().equals(each.getMessage()))
                .map(Throwable::getMessage)
                .collect(Collectors.joining(": "));
        return reasons.isEmpty() ? failure.toString() : reasons;
    }

    private QuorumVoterLog(
            QuorumSettings settings, MetadataLogContext context, Workers.Pool pool, Consumer<Boolean> membership)
            throws IOException {
        this.quorum = context.quorum();
        this.context = context;
        this.feed = new ListenerFeed(quorum.nodeId(), pool);
        this.answers = new ObserverAnswers(feed, this::voters, context.clock(), context.timers());
        var followers = new Followers();
        this.stateMachine =
                new MetadataStateMachine(feed, answers, QuorumPeers.id(quorum.nodeId()), followers, membership);
        this.pending = new PendingStages("member " + quorum.nodeId() + " of the metadata quorum");
        Files.createDirectories(settings.directory());
        var isNew = !Files.exists(
                settings.directory().resolve(QuorumPeers.GROUP_ID.getUuid().toString()));
        this.server = RaftServer.newBuilder()
                .setServerId(QuorumPeers.id(quorum.nodeId()))
                .setGroup(QuorumPeers.group(quorum.voters()))
                .setStateMachine(stateMachine)
                .setProperties(RatisSetup.ofVoter(settings, listen(quorum)))
                .setParameters(PromptRpc.parameters(followers))
                .setOption(isNew ? RaftStorage.StartupOption.FORMAT : RaftStorage.StartupOption.RECOVER)
                .build();
        this.calls = new MemberCalls(settings, () -> QuorumPeers.group(voters()), context.workers());
        this.changes = new VoterChanges(server, clientId);
        this.states = new VoterStates(server, quorum.nodeId(), this::voters, feed, context.clock());
    }

    /** Where the settings say, else where the others look for this member. */
    private static Endpoint listen(Quorum quorum) {
        return quorum.listen()
                .or(() -> quorum.voters().stream()
                        .filter(voter -> voter.id() == quorum.nodeId())
                        .map(QuorumVoter::endpoint)
                        .findFirst())
                .orElseThrow(() -> new ConfigException(
                        "controller.quorum.voters",
                        String.valueOf(quorum.voters()),
                        "node.id=" + quorum.nodeId() + " among them"));
    }

    private void start() throws IOException {
        // As it comes, Ratis ends the process where it cannot listen.
        ExitUtils.disableSystemExit();
        try {
            server.start();
        } catch (ExitUtils.ExitException e) {
            server.close();
            throw new TransportException("listen on " + listen(quorum) + " for the other voters: " + reasons(e), e);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("proposal without records: expected at least one");
        }
        var stage = pending.<Long>begin();
        var current = feed.leadership();
        if (!current.isLocal() || current.epoch() != leaderEpoch) {
            stage.completeExceptionally(new NotLeaderException(leaderEpoch, current));
            return stage;
        }
        var bytes = new Proposal(leaderEpoch, records).toBytes();
        if (bytes.length > RatisSetup.ENTRY_BYTES) {
            throw new IllegalArgumentException(
                    "proposal of " + bytes.length + " bytes: expected at most " + RatisSetup.ENTRY_BYTES);
        }
        var request = request(bytes, RaftClientRequest.writeRequestType());
        submit(request).whenComplete((reply, failure) -> proposed(request, leaderEpoch, stage, reply, failure));
        return stage;
    }

    private void proposed(
            RaftClientRequest request,
            int epoch,
            CompletableFuture<Long> stage,
            @Nullable RaftClientReply reply,
            @Nullable Throwable failure) {
        if (reply != null && reply.isSuccess()) {
            var offset = reply.getLogIndex();
            var counted = MetadataStateMachine.COUNTED
                    .getContent()
                    .equals(reply.getMessage().getContent());
            feed.afterWhatIsKnown(() -> {
                if (counted) {
                    stage.complete(offset);
                } else {
                    stage.completeExceptionally(new NotLeaderException(epoch, feed.leadership()));
                }
            });
            return;
        }
        var reason = reply == null ? failure : reply.getException();
        var current = feed.leadership();
        if (stage.isDone()) {
            log.debug("a proposal of a member that is closed ended", reason);
        } else if (current.isLocal() && current.epoch() == epoch) {
            // Ratis knows a request by its number, so that it counts once however often it is sent.
            log.debug("proposal {} is sent again", request.getCallId(), reason);
            context.timers()
                    .schedule(
                            RETRY_NANOS,
                            () -> submit(request)
                                    .whenComplete((next, problem) -> proposed(request, epoch, stage, next, problem)));
        } else {
            feed.run(() -> stage.completeExceptionally(new IllegalStateException(
                    "leadership of epoch " + epoch + " ended before the proposal did", reason)));
        }
    }

    private RaftClientRequest request(byte[] bytes, RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(server.getId())
                .setGroupId(QuorumPeers.GROUP_ID)
                .setCallId(CallId.getAndIncrement())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)))
                .setType(type)
                .build();
    }

    private CompletionStage<RaftClientReply> submit(RaftClientRequest request) {
        try {
            return server.submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void subscribe(MetadataListener listener) {
        pending.checkOpen();
        feed.subscribe(listener);
    }

    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        var stage = pending.<Void>begin();
        var known = feed.endOffset();
        if (endOffset > known) {
            stage.completeExceptionally(new IllegalArgumentException(
                    "snapshot below offset " + endOffset + " refused: entries are committed up to " + known));
            return stage;
        }
        var last = feed.lastBelow(endOffset);
        if (last.isEmpty()) {
            stage.complete(null);
            return stage;
        }
        stateMachine.offer(new Snapshot(endOffset, last.get().term(), RecordCodec.copies(records)), last.get());
        takeSnapshot()
                .whenComplete((reply, failure) -> feed.run(() -> {
                    if (failure == null && reply.isSuccess()) {
                        stage.complete(null);
                    } else {
                        stage.completeExceptionally(new IllegalStateException(
                                "snapshot below offset " + endOffset + " was not taken",
                                failure == null ? reply.getException() : failure));
                    }
                }));
        return stage;
    }

    private CompletionStage<RaftClientReply> takeSnapshot() {
        return server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                clientId, server.getId(), QuorumPeers.GROUP_ID, CallId.getAndIncrement(), SNAPSHOT_LIMIT_MILLIS, 1));
    }

    @Override
    public CompletionStage<Long> barrier() {
        var stage = pending.<Long>begin();
        askEnd(stage);
        return stage;
    }

    /** Ratis answers when this member has applied what is committed. */
    private void askEnd(CompletableFuture<Long> stage) {
        var question = new ObserverCodec.Question(ObserverCodec.Kind.END, quorum.nodeId(), 0);
        submit(request(ObserverCodec.encode(question), RaftClientRequest.readRequestType()))
                .whenComplete((reply, failure) -> {
                    if (reply != null && reply.isSuccess()) {
                        var end = ObserverCodec.decodeView(
                                        reply.getMessage().getContent().toByteArray())
                                .endOffset();
                        feed.afterWhatIsKnown(() -> stage.complete(end));
                    } else if (!stage.isDone()) {
                        context.timers().schedule(RETRY_NANOS, () -> askEnd(stage));
                    }
                });
    }

    @Override
    public CompletionStage<ByteBuffer> ask(int voter, ByteBuffer question) {
        var stage = pending.<ByteBuffer>begin();
        calls.askController(voter, question, stage);
        return stage;
    }

    @Override
    public void answerBy(Function<ByteBuffer, CompletionStage<ByteBuffer>> answersOfController) {
        pending.checkOpen();
        answers.controllerBy(answersOfController);
    }

    /** Those that vote now, as far as this member knows; those of the settings before anything else is known. */
    List<QuorumVoter> voters() {
        try {
            return QuorumPeers.voters(
                    server.getDivision(QuorumPeers.GROUP_ID).getRaftConf().getCurrentPeers());
        } catch (IOException e) {
            return quorum.voters();
        }
    }

    boolean isAmongVoters() {
        return voters().stream().anyMatch(voter -> voter.id() == quorum.nodeId());
    }

    @Override
    public CompletionStage<Void> addVoter(QuorumVoter added) {
        return change(stage -> changes.add(added, voters(), stage));
    }

    @Override
    public CompletionStage<Void> removeVoter(int removed) {
        return change(stage -> changes.remove(removed, voters(), stage));
    }

    private CompletionStage<Void> change(Consumer<CompletableFuture<Void>> step) {
        var stage = pending.<Void>begin();
        var current = feed.leadership();
        if (current.isLocal()) {
            step.accept(stage);
        } else {
            stage.completeExceptionally(new NotLeaderException(current.epoch(), current));
        }
        return stage;
    }

    @Override
    public QuorumState quorum() {
        return states.state(answers.observers());
    }

    @Override
    public void close() {
        if (pending.close()) {
            if (isAmongVoters()) {
                handOver();
            }
            try {
                calls.close();
                server.close();
            } catch (IOException e) {
                log.warn("member {} of the metadata quorum was not closed in order", quorum.nodeId(), e);
            }
        }
    }

    /** So that the others need not wait until they miss the leader. */
    private void handOver() {
        var next = states.nextLeader();
        if (!feed.leadership().isLocal() || next.isEmpty()) {
            return;
        }
        try {
            server.transferLeadershipAsync(new TransferLeadershipRequest(
                            clientId,
                            server.getId(),
                            QuorumPeers.GROUP_ID,
                            CallId.getAndIncrement(),
                            QuorumPeers.id(next.getAsInt()),
                            HANDOVER_LIMIT_MILLIS))
                    .get(HANDOVER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.debug("leadership of the metadata quorum was not handed over", e);
        }
    }
}
