package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.coordination.ReconfigurableLog;
import io.thalweg.spi.runtime.Workers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member of a server with the controller role: a voter, and an observer beside it for as long as it does not vote, because it was not
 * added yet or was removed. Any thread; what concerns the two sides happens on the pool's.
 */
final class MemberLog implements AskableLog, ReconfigurableLog {

    private static final Logger log = LoggerFactory.getLogger(MemberLog.class);

    /** A voter that has heard of no leader for so many timeouts after its start asks the others. */
    private static final int UNHEARD_TIMEOUTS = 2;

    private final QuorumSettings settings;
    private final MetadataLogContext context;
    private final Workers.Pool pool;
    private final PendingStages pending;
    private final QuorumVoterLog voter;

    /** While this node does not vote. */
    private volatile @Nullable ObserverLog observer;

    /** Owned by the pool's thread. */
    private @Nullable OneStory story;

    /** Opens one that votes if the settings name it, or if it did when it was closed. */
    static MemberLog open(QuorumSettings settings, MetadataLogContext context) {
        var pool = context.workers().start("metadata-log", 1);
        try {
            return new MemberLog(settings, context, pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private MemberLog(QuorumSettings settings, MetadataLogContext context, Workers.Pool pool) {
        this.settings = settings;
        this.context = context;
        this.pool = pool;
        this.pending = new PendingStages("member " + nodeId() + " of the metadata quorum");
        this.voter = QuorumVoterLog.open(settings, context, pool, isAmong -> run(() -> changed(isAmong)));
        if (context.quorum().voters().isEmpty()) {
            observer = observeBesideVoter();
        } else {
            context.timers()
                    .schedule(
                            TimeUnit.MILLISECONDS.toNanos(UNHEARD_TIMEOUTS * (long) settings.fetchTimeoutMillis()),
                            () -> run(this::lookForOthers));
        }
    }

    /** One that waits to be added. */
    private ObserverLog observeBesideVoter() {
        try {
            var following = observe(List.of());
            log.info(
                    "node {} can vote on metadata, and follows until it is added to the voters known at {}",
                    nodeId(),
                    context.quorum().bootstrap());
            return following;
        } catch (RuntimeException e) {
            voter.close();
            throw e;
        }
    }

    /** One that was removed and started again may not know: nobody speaks to it. */
    private void lookForOthers() {
        var told = story;
        if (told != null && !told.isVoting() && observer == null && !pending.isClosed()) {
            follow(told);
        }
    }

    private void follow(OneStory told) {
        var others =
                voter.voters().stream().filter(each -> each.id() != nodeId()).toList();
        if (!others.isEmpty()) {
            var following = observe(others);
            observer = following;
            if (pending.isClosed()) {
                following.close();
            } else {
                following.subscribe(told.ofOthers());
            }
        }
    }

    private int nodeId() {
        return context.quorum().nodeId();
    }

    private void run(Runnable task) {
        try {
            pool.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("member {} is closed and takes part in nothing", nodeId(), e);
        }
    }

    /** One that follows those who vote now, or who are known from the settings if nobody is known to. */
    private ObserverLog observe(List<QuorumVoter> voters) {
        var quorum = context.quorum();
        var observed = new MetadataLogContext(
                context.config(),
                new MetadataLogContext.Quorum(quorum.nodeId(), false, voters, quorum.bootstrap(), quorum.listen()),
                context.clock(),
                context.timers(),
                context.workers(),
                context.random());
        return ObserverLog.open(settings, observed, pool);
    }

    private void changed(boolean isAmongVoters) {
        var told = story;
        if (pending.isClosed() || told == null) {
            return;
        }
        if (isAmongVoters) {
            told.among();
        } else if (observer == null) {
            if (voter.isAmongVoters()) {
                log.warn(
                        "node {} votes on metadata no more, because its part in that has ended or it was removed unheard; it follows those"
                                + " who vote until it is started again",
                        nodeId());
            } else {
                log.info("node {} votes on metadata no more and follows those who do", nodeId());
            }
            told.left();
            follow(told);
            voter.close();
        }
    }

    private void votes() {
        var following = observer;
        if (following != null) {
            log.info("node {} votes on metadata from now on", nodeId());
            observer = null;
            following.close();
        }
    }

    @Override
    public void subscribe(MetadataListener listener) {
        pending.checkOpen();
        var told = new OneStory(listener, this::votes);
        voter.subscribe(told.ofVoter());
        run(() -> {
            story = told;
            if (voter.isAmongVoters()) {
                told.among();
            }
            var following = observer;
            if (following != null) {
                following.subscribe(told.ofOthers());
            }
        });
    }

    @Override
    public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
        pending.checkOpen();
        var following = observer;
        return following == null ? voter.propose(leaderEpoch, records) : following.propose(leaderEpoch, records);
    }

    @Override
    public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
        pending.checkOpen();
        var following = observer;
        return following == null ? voter.snapshot(endOffset, records) : following.snapshot(endOffset, records);
    }

    @Override
    public CompletionStage<Long> barrier() {
        pending.checkOpen();
        var following = observer;
        return following == null ? voter.barrier() : following.barrier();
    }

    @Override
    public CompletionStage<ByteBuffer> ask(int to, ByteBuffer question) {
        pending.checkOpen();
        var following = observer;
        return following == null ? voter.ask(to, question) : following.ask(to, question);
    }

    @Override
    public void answerBy(Function<ByteBuffer, CompletionStage<ByteBuffer>> answers) {
        pending.checkOpen();
        voter.answerBy(answers);
    }

    @Override
    public CompletionStage<Void> addVoter(QuorumVoter added) {
        pending.checkOpen();
        return voter.addVoter(added);
    }

    @Override
    public CompletionStage<Void> removeVoter(int removed) {
        pending.checkOpen();
        return voter.removeVoter(removed);
    }

    @Override
    public QuorumState quorum() {
        var following = observer;
        return following == null ? voter.quorum() : following.quorum();
    }

    @Override
    public void close() {
        if (pending.close()) {
            voter.close();
            var following = observer;
            if (following != null) {
                following.close();
            }
            pool.close();
        }
    }
}
