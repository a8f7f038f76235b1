package io.thalweg.tck.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.tck.Verifies;
import io.thalweg.tck.coordination.LogHistory.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The proof of a metadata log that has several members: extend it, implement the three methods, run it beside
 * {@link MetadataLogContract}.
 *
 * <p>Nodes 1, 2 and 3 vote, node 4 follows.
 */
public abstract class MetadataQuorumContract extends QuorumSuite {

    private static final int OBSERVER = 4;

    /** Together half a mebibyte, more than the log of a member under test should keep below its snapshots. */
    private static final int ROUNDS = 4;

    private static final int ENTRIES_A_ROUND = 32;
    private static final int ENTRY_BYTES = 4 << 10;

    /** Called by JUnit. */
    protected MetadataQuorumContract() {}

    /** Keeps a node from hearing the others and being heard, until {@link #rejoin}. */
    protected abstract void cutOff(int node);

    /** Ends what {@link #cutOff} began. */
    protected abstract void rejoin(int node);

    @Test
    void oneMemberLeadsAndEachKnows() {
        int leader = awaitLeader(VOTERS);

        assertThat(members.values().stream()
                        .filter(member -> member.leadership().isPresent()))
                .containsExactly(member(leader));
    }

    @Test
    @Verifies("METADATA-2")
    void everyMemberHearsTheSameEntries() {
        int leader = awaitLeader(VOTERS);

        for (int i = 0; i < 50; i++) {
            member(leader).commit("a" + i, "b" + i);
        }

        var entries = member(leader).history().entries();
        assertThat(entries).hasSize(50);
        for (int node : VOTERS) {
            member(node)
                    .awaitThat(
                            "node " + node + " has heard the same",
                            () -> member(node).history().entries().equals(entries));
        }
    }

    @Test
    @Verifies("METADATA-5")
    void proposalOfAFollowerIsRefused() {
        int leader = awaitLeader(VOTERS);
        int follower = anyBut(leader);
        int epoch = member(leader).epoch();

        assertThatThrownBy(() -> Member.await(
                        member(follower).log().propose(epoch, LogHistory.buffers(List.of("of a follower")))))
                .isInstanceOf(NotLeaderException.class);

        member(leader).commit("of the leader");
        awaitRecords(follower, "of the leader");
    }

    @Test
    void anotherMemberLeadsUnderAHigherEpochWhenTheLeaderCloses() {
        int leader = awaitLeader(VOTERS);
        int epoch = member(leader).epoch();
        member(leader).commit("before");

        close(leader);

        int next = awaitLeader(members.keySet());
        assertThat(next).isNotEqualTo(leader);
        assertThat(member(next).epoch()).isGreaterThan(epoch);
        assertThat(member(next).history().records()).containsExactly("before");
        member(next).commit("after");
        awaitRecords(anyBut(next), "before", "after");
    }

    @Test
    @Verifies("METADATA-2")
    void memberThatWasClosedHearsWhatItMissed() {
        int leader = awaitLeader(VOTERS);
        int follower = anyBut(leader);
        member(leader).commit("one");
        close(follower);
        int still = awaitLeader(members.keySet());
        member(still).commit("two");

        begin(follower);

        awaitRecords(follower, "one", "two");
    }

    @Test
    void memberThatMissedWhatASnapshotCoversHearsTheSnapshot() {
        int leader = awaitLeader(VOTERS);
        int follower = anyBut(leader);
        member(leader).commit("one");
        close(follower);
        int still = awaitLeader(members.keySet());
        long end = member(still).commit("two") + 1;
        for (int node : members.keySet()) {
            awaitRecords(node, "one", "two");
            Member.await(member(node).log().snapshot(end, LogHistory.buffers(List.of("one and two"))));
        }
        member(still).commit("three");

        begin(follower);

        var history = member(follower).history();
        member(follower)
                .awaitThat(
                        "the member has all of it, whole or as the snapshot",
                        () -> List.of(List.of("one", "two", "three"), List.of("one and two", "three"))
                                .contains(history.records()));
        if (history.records().contains("one and two")) {
            assertThat(history.events()).contains(new Snapshot(end, List.of("one and two")));
        }
    }

    @Test
    void memberThatMissedMoreThanIsKeptHearsASnapshotAndTakesPartAgain() {
        int leader = awaitLeader(VOTERS);
        int follower = anyBut(leader);
        member(leader).commit("begin");
        close(follower);
        int still = awaitLeader(members.keySet());
        for (int round = 1; round <= ROUNDS; round++) {
            commitAndSnapshot(still, round);
        }
        member(still).commit("after");

        begin(follower);

        awaitRecords(follower, "up to " + ROUNDS, "after");
        assertThat(member(follower).history().events()).anyMatch(Snapshot.class::isInstance);
        member(awaitLeader(VOTERS)).commit("more");
        awaitRecords(follower, "up to " + ROUNDS, "after", "more");
        close(awaitLeader(VOTERS));
        int next = awaitLeader(members.keySet());
        member(next).commit("most");
        for (int node : members.keySet()) {
            member(node)
                    .awaitThat(
                            "node " + node + " has heard the last entry",
                            () -> member(node).history().records().contains("most"));
        }
    }

    /** A lot of entries, and a snapshot of them on each member that is open. */
    private void commitAndSnapshot(int leader, int round) {
        long end = 0;
        for (int i = 0; i < ENTRIES_A_ROUND; i++) {
            end = member(leader).commit("x".repeat(ENTRY_BYTES)) + 1;
        }
        for (int node : members.keySet()) {
            var member = member(node);
            Member.await(member.log().barrier());
            Member.await(member.log().snapshot(end, LogHistory.buffers(List.of("up to " + round))));
        }
    }

    @Test
    void quorumThatWasClosedAsAWholeHasEverything() {
        int leader = awaitLeader(VOTERS);
        int epoch = member(leader).epoch();
        member(leader).commit("one");
        long end = member(leader).commit("two") + 1;
        Member.await(member(leader).log().snapshot(end, LogHistory.buffers(List.of("one and two"))));
        member(leader).commit("three");
        VOTERS.forEach(this::close);

        VOTERS.forEach(this::begin);

        int next = awaitLeader(VOTERS);
        assertThat(member(next).epoch()).isGreaterThan(epoch);
        member(next).commit("four");
        for (int node : VOTERS) {
            member(node)
                    .awaitThat(
                            "node " + node + " has all of it, whole or as the snapshot",
                            () -> List.of(
                                            List.of("one", "two", "three", "four"),
                                            List.of("one and two", "three", "four"))
                                    .contains(member(node).history().records()));
        }
    }

    @Test
    void oneThatDoesNotVoteHearsASnapshotAndFollowsOn() {
        int leader = awaitLeader(VOTERS);
        member(leader).commit("one");
        long end = member(leader).commit("two") + 1;
        for (int node : VOTERS) {
            Member.await(member(node).log().barrier());
            Member.await(member(node).log().snapshot(end, LogHistory.buffers(List.of("one and two"))));
        }
        begin(OBSERVER);
        awaitRecords(OBSERVER, "one and two");

        long offset = member(leader).commit("three");

        var heard = member(OBSERVER)
                .log()
                .barrier()
                .thenApply(barrier -> barrier > offset
                        && member(OBSERVER).history().records().equals(List.of("one and two", "three")));
        assertThat(Member.await(heard)).isTrue();
    }

    @Test
    void memberThatWasCutOffCatchesUp() {
        int leader = awaitLeader(VOTERS);
        int follower = anyBut(leader);
        member(leader).commit("one");
        awaitRecords(follower, "one");
        cutOff(follower);
        member(leader).commit("two");
        assertThat(member(follower).history().records()).containsExactly("one");

        rejoin(follower);

        awaitRecords(follower, "one", "two");
    }

    @Test
    @Verifies("METADATA-5")
    void whatALeaderProposesThatWasCutOffAndReplacedIsInNoLog() {
        int deposed = awaitLeader(VOTERS);
        member(deposed).commit("before");
        cutOff(deposed);
        var proposal = member(deposed).propose("cut off");
        int next = awaitLeader(openBut(deposed));
        member(next).commit("after");

        rejoin(deposed);

        var isRefused = Member.await(proposal.handle((offset, error) -> error != null));
        assertThat(isRefused).isTrue();
        for (int node : VOTERS) {
            awaitRecords(node, "before", "after");
        }
    }

    @Test
    void barrierOfAFollowerCoversWhatTheLeaderHasCommitted() {
        int leader = awaitLeader(VOTERS);
        int follower = anyBut(leader);
        long offset = member(leader).commit("record");

        var heard = member(follower)
                .log()
                .barrier()
                .thenApply(barrier ->
                        barrier > offset && member(follower).history().records().equals(List.of("record")));

        assertThat(Member.await(heard)).isTrue();
    }

    @Test
    void oneThatDoesNotVoteFollowsAndIsSeen() {
        int leader = awaitLeader(VOTERS);
        member(leader).commit("record");

        begin(OBSERVER);

        awaitRecords(OBSERVER, "record");
        member(OBSERVER)
                .awaitThat("the observer knows the leader", () -> leaderToldTo(OBSERVER) == leaderToldTo(leader));
        assertThat(member(OBSERVER).leadership()).isEmpty();
    }

    @Test
    void leaderKnowsTheVotersAndHowFarTheyHaveCome() {
        int leader = awaitLeader(VOTERS);
        long offset = member(leader).commit("record");

        var state = member(leader).log().quorum();

        assertThat(state.leadership()).isEqualTo(member(leader).told().orElseThrow());
        assertThat(state.voters()).extracting(QuorumState.Member::id).containsExactlyElementsOf(VOTERS);
        assertThat(state.endOffset()).isGreaterThan(offset);
    }
}
