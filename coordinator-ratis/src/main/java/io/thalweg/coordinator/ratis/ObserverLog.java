package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.runtime.Workers;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member of a server that does not vote: asks the leader, or any voter while nobody leads, for what comes next. Any thread; what is
 * asked and heard changes on the pool's one thread.
 *
 * <p>A voter answers once it knows to be as far as the leader, so that nothing old is taken for the newest.
 */
final class ObserverLog implements AskableLog {

    private static final Logger log = LoggerFactory.getLogger(ObserverLog.class);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int nodeId;
    private final QuorumSettings settings;
    private final MetadataLogContext context;
    private final Runnable onClosed;
    private final ListenerFeed feed;
    private final PendingStages pending;

    /** Those that vote, and the way to them; nobody until they are known. */
    private volatile Voters known = Voters.NONE;

    /** Of those that have no leader to ask; goes on when one does not answer. */
    private int nextVoter;

    private record Voters(
            List<QuorumVoter> voters, @Nullable MemberCalls calls) {

        static final Voters NONE = new Voters(List.of(), null);

        /** Throws where nobody is known yet. */
        MemberCalls way() {
            if (calls == null) {
                throw new IllegalStateException("it is not known yet who votes on metadata");
            }
            return calls;
        }
    }

    /** Opens one with a pool of its own. */
    static ObserverLog open(QuorumSettings settings, MetadataLogContext context) {
        var pool = context.workers().start("metadata-log", 1);
        return open(settings, context, pool, pool::close);
    }

    /** Opens one that tells its listener on this pool, which goes on after it. */
    static ObserverLog open(QuorumSettings settings, MetadataLogContext context, Workers.Pool pool) {
        return open(settings, context, pool, () -> {});
    }

    private static ObserverLog open(
            QuorumSettings settings, MetadataLogContext context, Workers.Pool pool, Runnable onClosed) {
        var opened = new ObserverLog(settings, context, pool, onClosed);
        var named = context.quorum().voters();
        pool.execute(named.isEmpty() ? opened::discover : () -> opened.begin(named));
        return opened;
    }

    private ObserverLog(QuorumSettings settings, MetadataLogContext context, Workers.Pool pool, Runnable onClosed) {
        this.nodeId = context.quorum().nodeId();
        this.settings = settings;
        this.context = context;
        this.onClosed = onClosed;
        this.feed = new ListenerFeed(nodeId, pool);
        this.pending = new PendingStages("member " + nodeId + " of the metadata quorum");
    }

    /** Asks one after the other of those that the settings name who votes; on the pool's thread. */
    private void discover() {
        if (pending.isClosed()) {
            return;
        }
        var bootstrap = context.quorum().bootstrap();
        var group = QuorumPeers.groupAt(bootstrap.get(nextVoter % bootstrap.size()));
        var calls = new MemberCalls(settings, () -> group, context.workers());
        calls.ask(QuorumPeers.UNKNOWN, ObserverCodec.encodeForVoters())
                .whenComplete((bytes, failure) -> feed.run(() -> {
                    calls.close();
                    if (bytes != null) {
                        begin(ObserverCodec.decodeVoters(bytes));
                    } else {
                        log.debug("the server that was asked did not say who votes", failure);
                        nextVoter++;
                        context.timers().schedule(RETRY_NANOS, () -> feed.run(this::discover));
                    }
                }));
    }

    private void begin(List<QuorumVoter> voters) {
        known = new Voters(voters, new MemberCalls(settings, () -> QuorumPeers.group(known.voters), context.workers()));
        follow();
    }

    /** Others vote than is known here: the one that told of a leader knows who. */
    private void renewVoters() {
        known.way()
                .ask(QuorumPeers.id(voterToAsk()), ObserverCodec.encodeForVoters())
                .whenComplete((bytes, failure) -> {
                    if (bytes != null) {
                        feed.run(() -> known = new Voters(ObserverCodec.decodeVoters(bytes), known.calls));
                    }
                });
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
        known.way()
                .ask(QuorumPeers.id(voterToAsk()), question)
                .whenComplete((bytes, failure) -> feed.run(() -> heard(bytes, failure, then, kind, endOffset)));
    }

    private int voterToAsk() {
        var voters = known.voters;
        var leader = feed.leadership().leaderId();
        return leader.isPresent() && isKnown(leader.getAsInt())
                ? leader.getAsInt()
                : voters.get(nextVoter % voters.size()).id();
    }

    private boolean isKnown(int voter) {
        return known.voters.stream().anyMatch(each -> each.id() == voter);
    }

    private void heard(
            byte @Nullable [] bytes,
            @Nullable Throwable failure,
            Consumer<ListenerFeed.View> then,
            ObserverCodec.Kind kind,
            long endOffset) {
        if (bytes != null) {
            then.accept(ObserverCodec.decodeView(bytes));
            return;
        }
        log.debug("the voter that was asked did not answer", failure);
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
        if (view.leadership().leaderId().isPresent()
                && !isKnown(view.leadership().leaderId().getAsInt())) {
            renewVoters();
        }
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
        feed.run(() -> askEnd(stage));
        return stage;
    }

    private void askEnd(CompletableFuture<Long> stage) {
        if (known.calls == null) {
            context.timers().schedule(RETRY_NANOS, () -> feed.run(() -> askEnd(stage)));
        } else {
            ask(ObserverCodec.Kind.END, 0, view -> awaitEnd(view.endOffset(), stage));
        }
    }

    private void awaitEnd(long endOffset, CompletableFuture<Long> stage) {
        if (feed.endOffset() >= endOffset) {
            feed.afterWhatIsKnown(() -> stage.complete(endOffset));
        } else if (!stage.isDone()) {
            feed.whenBeyond(feed.endOffset(), () -> awaitEnd(endOffset, stage));
        }
    }

    @Override
    public CompletionStage<ByteBuffer> ask(int voter, ByteBuffer question) {
        var calls = known.way();
        var stage = pending.<ByteBuffer>begin();
        calls.askController(voter, question, stage);
        return stage;
    }

    /** Nobody asks one that does not vote. */
    @Override
    public void answerBy(Function<ByteBuffer, CompletionStage<ByteBuffer>> answers) {
        pending.checkOpen();
    }

    @Override
    public QuorumState quorum() {
        var members = known.voters.stream()
                .map(voter -> new QuorumState.Member(
                        voter.id(), QuorumState.UNKNOWN, QuorumState.UNKNOWN, QuorumState.UNKNOWN))
                .sorted(Comparator.comparingInt(QuorumState.Member::id))
                .toList();
        return new QuorumState(feed.leadership(), feed.endOffset(), members, List.of());
    }

    @Override
    public void close() {
        if (pending.close()) {
            onClosed.run();
            var calls = known.calls;
            if (calls != null) {
                calls.close();
            }
        }
    }
}
