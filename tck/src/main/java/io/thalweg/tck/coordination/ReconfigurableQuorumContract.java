package io.thalweg.tck.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.coordination.ReconfigurableLog;
import io.thalweg.tck.Verifies;
import io.thalweg.tck.coordination.LogHistory.Snapshot;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The proof of a metadata log whose voters change: extend it, implement the two methods, run it beside {@link MetadataQuorumContract}.
 *
 * <p>Nodes 1, 2 and 3 vote at first. Node 4 is one that could and follows until it is added.
 */
public abstract class ReconfigurableQuorumContract extends QuorumSuite {

    private static final int NEWCOMER = 4;
    private static final int TRIES = 5;

    /** Called by JUnit. */
    protected ReconfigurableQuorumContract() {}

    /** Node 4, and where it is to be reached. */
    protected abstract QuorumVoter newcomer();

    private ReconfigurableLog log(int node) {
        return (ReconfigurableLog) member(node).log();
    }

    private List<Integer> votersKnownTo(int node) {
        return member(node).log().quorum().voters().stream()
                .map(QuorumState.Member::id)
                .toList();
    }

    /** Who leads, as soon as anybody does. */
    private int leader() {
        var any = members.values().iterator().next();
        var found = new AtomicInteger();
        any.awaitThat("somebody leads", () -> {
            // Looked for once: who leads now may lead no more in a moment.
            var leader = members.keySet().stream().filter(this::leads).findFirst();
            leader.ifPresent(found::set);
            return leader.isPresent();
        });
        return found.get();
    }

    private boolean leads(int node) {
        return member(node).leadership().isPresent();
    }

    /** A newcomer that follows and is then added. */
    private void add() {
        awaitLeader(VOTERS);
        begin(NEWCOMER);
        change(NEWCOMER, true, log -> log.addVoter(newcomer()));
    }

    private void remove(int node) {
        change(node, false, log -> log.removeVoter(node));
    }

    /** On a slow machine leadership may be lost meanwhile: then the next leader knows whether the change came about. */
    private void change(int node, boolean votesThen, Function<ReconfigurableLog, CompletionStage<Void>> step) {
        for (int i = 0; i < TRIES; i++) {
            int leader = leader();
            if (votersKnownTo(leader).contains(node) == votesThen) {
                return;
            }
            try {
                Member.await(step.apply(log(leader)));
                return;
            } catch (NotLeaderException | IllegalStateException e) {
                // It is asked again, of whoever leads by then.
            }
        }
        throw new AssertionError("node " + node + " could not be added or removed in " + TRIES + " tries");
    }

    private void awaitVoters(int node, Integer... voters) {
        member(node)
                .awaitThat(
                        "node " + node + " knows who votes",
                        () -> votersKnownTo(node).equals(List.of(voters)));
    }

    @Test
    void aNewcomerFollowsBeforeItVotes() {
        int leader = awaitLeader(VOTERS);
        member(leader).commit("before");

        begin(NEWCOMER);

        awaitRecords(NEWCOMER, "before");
        assertThat(votersKnownTo(leader)).containsExactlyElementsOf(VOTERS);
    }

    @Test
    @Verifies("RECONFIGURE-1")
    void whoIsAddedHasEverythingAndVotes() {
        int first = awaitLeader(VOTERS);
        member(first).commit("before");

        add();

        awaitVoters(leader(), 1, 2, 3, NEWCOMER);
        awaitVoters(NEWCOMER, 1, 2, 3, NEWCOMER);
        assertThat(member(leader()).log().quorum().observers()).isEmpty();
        member(leader()).commit("after");
        awaitRecords(NEWCOMER, "before", "after");
        // With one of four away, every other one counts.
        close(anyBut(leader()));
        int next = awaitLeader(List.copyOf(members.keySet()));
        member(next).commit("without one");
        awaitRecords(NEWCOMER, "before", "after", "without one");
    }

    @Test
    @Verifies("RECONFIGURE-1")
    void whoIsAddedAfterSnapshotsHearsEachRecordOnce() {
        int leader = awaitLeader(VOTERS);
        member(leader).commit("one");
        long end = member(leader).commit("two") + 1;
        for (int node : VOTERS) {
            Member.await(member(node).log().barrier());
            Member.await(member(node).log().snapshot(end, LogHistory.buffers(List.of("one and two"))));
        }

        add();

        member(leader()).commit("three");
        awaitRecords(NEWCOMER, "one and two", "three");
        assertThat(member(NEWCOMER).history().events())
                .filteredOn(Snapshot.class::isInstance)
                .hasSize(1);
    }

    @Test
    void whoWasAddedCanLeadAndOutlivesThoseThatWereThere() {
        add();
        for (int node : VOTERS) {
            remove(node);
        }

        awaitLeader(List.of(NEWCOMER));
        member(NEWCOMER).commit("by the newcomer alone");
        assertThat(votersKnownTo(NEWCOMER)).containsExactly(NEWCOMER);
        for (int node : VOTERS) {
            awaitRecords(node, "by the newcomer alone");
        }
    }

    @Test
    void whoIsRemovedFollowsOn() {
        int leader = awaitLeader(VOTERS);
        int removed = anyBut(leader);
        member(leader).commit("before");

        remove(removed);

        assertThat(votersKnownTo(leader())).doesNotContain(removed).hasSize(2);
        member(leader()).commit("after");
        awaitRecords(removed, "before", "after");
        assertThat(member(removed).leadership()).isEmpty();
    }

    @Test
    void aLeaderThatIsRemovedFollowsTheNext() {
        int leader = awaitLeader(VOTERS);
        int epoch = member(leader).epoch();
        member(leader).commit("before");

        remove(leader);

        int next = awaitLeader(openBut(leader));
        assertThat(member(next).epoch()).isGreaterThan(epoch);
        member(next).commit("after");
        awaitRecords(leader, "before", "after");
        member(leader).awaitThat("it knows who leads", () -> leaderToldTo(leader) == next);
        assertThat(member(leader).leadership()).isEmpty();
    }

    @Test
    void whoVotesIsKnownAfterAllWereClosed() {
        add();
        int removed = anyBut(leader());
        remove(removed);
        member(leader()).commit("before");
        List.copyOf(members.keySet()).forEach(this::close);

        var voters = List.of(1, 2, 3, NEWCOMER).stream()
                .filter(node -> node != removed)
                .toList();
        voters.forEach(this::begin);
        begin(removed);

        int next = awaitLeader(voters);
        member(next).commit("after");
        assertThat(votersKnownTo(next)).containsExactlyElementsOf(voters);
        awaitRecords(NEWCOMER, "before", "after");
        awaitRecords(removed, "before", "after");
    }

    @Test
    @Verifies("RECONFIGURE-2")
    void onlyTheLeaderChangesWhoVotes() {
        awaitLeader(VOTERS);
        var known = new QuorumVoter(anyBut(leader()), newcomer().endpoint());

        // Neither would change anything if the one that is asked has become the leader meanwhile.
        refused(
                NotLeaderException.class,
                IllegalArgumentException.class,
                () -> log(anyBut(leader())).removeVoter(NEWCOMER));
        refused(
                NotLeaderException.class,
                IllegalArgumentException.class,
                () -> log(anyBut(leader())).addVoter(known));
    }

    @Test
    @Verifies("RECONFIGURE-3")
    void whoVotesIsNotAddedAndWhoDoesNotIsNotRemoved() {
        int voter = awaitLeader(VOTERS);
        var again = new QuorumVoter(voter, newcomer().endpoint());

        assertThat(refused(
                        IllegalArgumentException.class,
                        NotLeaderException.class,
                        () -> log(leader()).addVoter(again)))
                .hasMessageContaining("node " + voter);
        assertThat(refused(
                        IllegalArgumentException.class,
                        NotLeaderException.class,
                        () -> log(leader()).removeVoter(NEWCOMER)))
                .hasMessageContaining("node " + NEWCOMER);
    }

    /** How a step fails; it is taken again where another failure tells that leadership has moved. */
    private static Throwable refused(
            Class<? extends RuntimeException> expected,
            Class<? extends RuntimeException> moved,
            Supplier<CompletionStage<Void>> step) {
        var failure = failure(step);
        for (int i = 1; i < TRIES && moved.isInstance(failure); i++) {
            failure = failure(step);
        }
        assertThat(failure).isInstanceOf(expected);
        return failure;
    }

    private static Throwable failure(Supplier<CompletionStage<Void>> step) {
        return catchThrowable(() -> Member.await(step.get()));
    }
}
