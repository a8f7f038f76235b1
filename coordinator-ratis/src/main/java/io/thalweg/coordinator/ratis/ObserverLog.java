package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.runtime.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member of a server that does not vote: asks the leader, or any voter while nobody leads, for what comes next. Any thread; what is
 * asked and heard changes on the pool's one thread.
 *
 * <p>A voter answers once it knows to be as far as the leader, so that nothing old is taken for the newest.
 */
final class ObserverLog implements MetadataLog {

    private static final Logger log = LoggerFactory.getLogger(ObserverLog.class);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int nodeId;
    private final List<QuorumVoter> voters;
    private final MetadataLogContext context;
    private final RaftClient client;
    private final Workers.Pool pool;
    private final ListenerFeed feed;
    private final PendingStages pending;

    /** Of those that have no leader to ask; goes on when one does not answer. */
    private int nextVoter;

    static ObserverLog open(QuorumSettings settings, MetadataLogContext context) {
        var client = RaftClient.newBuilder()
                .setProperties(RatisSetup.ofObserver(settings))
                .setRaftGroup(QuorumPeers.group(context.quorum().voters()))
                .setRetryPolicy(RetryPolicies.noRetry())
                .build();
        var opened = new ObserverLog(context, client, context.workers().start("metadata-log", 1));
        opened.pool.execute(opened::follow);
        return opened;
    }

    private ObserverLog(MetadataLogContext context, RaftClient client, Workers.Pool pool) {
        this.nodeId = context.quorum().nodeId();
        this.voters = context.quorum().voters();
        this.context = context;
        this.client = client;
        this.pool = pool;
        this.feed = new ListenerFeed(nodeId, pool);
        this.pending = new PendingStages("member " + nodeId + " of the metadata quorum");
    }

    private void follow() {
        ask(ObserverCodec.Kind.FOLLOW, feed.endOffset(), view -> {
            take(view);
            follow();
        });
    }

    /** Asks until there is an answer; on the pool's thread. */
    private void ask(ObserverCodec.Kind kind, long endOffset, Consumer<ListenerFeed.View> then) {
        if (pending.isClosed()) {
            return;
        }
        var question = ObserverCodec.encode(new ObserverCodec.Question(kind, nodeId, endOffset));
        var message = Message.valueOf(UnsafeByteOperations.unsafeWrap(question));
        CompletionStage<RaftClientReply> answer =
                client.async().sendReadOnlyUnordered(message, QuorumPeers.id(voterToAsk()));
        answer.whenComplete((reply, failure) -> feed.run(() -> heard(reply, failure, then, kind, endOffset)));
    }

    private int voterToAsk() {
        return feed.leadership()
                .leaderId()
                .orElseGet(() -> voters.get(nextVoter % voters.size()).id());
    }

    private void heard(
            @Nullable RaftClientReply reply,
            @Nullable Throwable failure,
            Consumer<ListenerFeed.View> then,
            ObserverCodec.Kind kind,
            long endOffset) {
        if (reply != null && reply.isSuccess()) {
            then.accept(ObserverCodec.decodeView(reply.getMessage().getContent().toByteArray()));
            return;
        }
        var reason = reply == null ? failure : reply.getException();
        log.debug("the voter that was asked did not answer", reason);
        nextVoter++;
        feed.leadership(LeadershipTracker::alone);
        context.timers().schedule(RETRY_NANOS, () -> feed.run(() -> ask(kind, endOffset, then)));
    }

    private void take(ListenerFeed.View view) {
        view.snapshot()
                .filter(snapshot -> snapshot.endOffset() > feed.endOffset())
                .ifPresent(feed::restart);
        view.entries().stream()
                .filter(entry -> entry.offset() >= feed.endOffset())
                .forEach(feed::committed);
        feed.passed(view.leadership().epoch(), view.endOffset() - 1);
        view.leadership()
                .leaderId()
                .ifPresent(leader -> feed.leadership(
                        tracker -> tracker.leads(leader, view.leadership().epoch())));
        feed.forgetWhatIsTold();
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        pending.checkOpen();
        return CompletableFuture.failedFuture(new NotLeaderException(leaderEpoch, feed.leadership()));
    }

    @Override
    public void subscribe(MetadataListener listener) {
        pending.checkOpen();
        feed.subscribe(listener);
    }

    /** The voters keep snapshots; this member stores nothing. */
    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        var stage = pending.<Void>begin();
        feed.run(() -> stage.complete(null));
        return stage;
    }

    @Override
    public CompletionStage<Long> barrier() {
        var stage = pending.<Long>begin();
        feed.run(() -> ask(ObserverCodec.Kind.END, 0, view -> awaitEnd(view.endOffset(), stage)));
        return stage;
    }

    private void awaitEnd(long endOffset, CompletableFuture<Long> stage) {
        if (feed.endOffset() >= endOffset) {
            feed.afterWhatIsKnown(() -> stage.complete(endOffset));
        } else if (!stage.isDone()) {
            feed.whenBeyond(feed.endOffset(), () -> awaitEnd(endOffset, stage));
        }
    }

    @Override
    public QuorumState quorum() {
        var members = voters.stream()
                .map(voter -> new QuorumState.Member(
                        voter.id(), QuorumState.UNKNOWN, QuorumState.UNKNOWN, QuorumState.UNKNOWN))
                .sorted(Comparator.comparingInt(QuorumState.Member::id))
                .toList();
        return new QuorumState(feed.leadership(), feed.endOffset(), members, List.of());
    }

    @Override
    public void close() {
        if (pending.close()) {
            try {
                client.close();
            } catch (IOException e) {
                log.debug("member {} of the metadata quorum was not closed in order", nodeId, e);
            }
            pool.close();
        }
    }
}
