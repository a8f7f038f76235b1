package io.thalweg.tck.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.tck.Verifies;
import io.thalweg.tck.coordination.LogHistory.Entry;
import io.thalweg.tck.coordination.LogHistory.Leader;
import io.thalweg.tck.coordination.LogHistory.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The proof of a metadata log: extend it, implement {@link #open}, run it.
 *
 * <p>The log has one member here, which leads soon after it has a listener.
 */
public abstract class MetadataLogContract {

    @SuppressWarnings("NullAway.Init") // JUnit calls start first
    private Member member;

    /** Called by JUnit. */
    protected MetadataLogContract() {}

    /**
     * Opens the log under test. Within a test, a log opened after another one was closed finds what that one stored. The suite closes
     * it.
     */
    protected abstract MetadataLog open();

    @BeforeEach
    final void start() {
        member = new Member(open());
    }

    @AfterEach
    final void end() {
        member.close();
    }

    /** Closes the member and opens it again; it leads once it has heard all there is. */
    private void restart() {
        member.close();
        member = new Member(open());
        member.lead();
    }

    @Test
    void newLogIsEmptyAndLed() {
        var leadership = member.lead();

        assertThat(leadership.isLocal()).isTrue();
        assertThat(leadership.leaderId()).isPresent();
        assertThat(member.history().records()).isEmpty();
    }

    @Test
    @Verifies("METADATA-1")
    void listenerHearsEntriesOneAtATimeInOrder() {
        member.lead();
        var proposals = new ArrayList<CompletionStage<Long>>();

        for (int i = 0; i < 200; i++) {
            proposals.add(member.propose("record " + i));
        }

        proposals.forEach(Member::await);
        assertThat(member.history().overlapped()).isFalse();
        assertThat(member.history().records())
                .isEqualTo(IntStream.range(0, 200).mapToObj(i -> "record " + i).toList());
    }

    @Test
    @Verifies("METADATA-2")
    void offsetsAscendAndStayAfterARestart() {
        member.lead();
        for (int i = 0; i < 20; i++) {
            member.commit("a" + i, "b" + i);
        }
        var before = member.history().entries();

        restart();

        assertThat(before).extracting(Entry::offset).isSorted().doesNotHaveDuplicates();
        assertThat(member.history().entries()).isEqualTo(before);
    }

    @Test
    @Verifies("METADATA-2")
    void entriesAfterARestartComeAfterThoseBefore() {
        member.lead();
        long first = member.commit("before");
        restart();

        long second = member.commit("after");

        assertThat(second).isGreaterThan(first);
        assertThat(member.history().records()).containsExactly("before", "after");
    }

    @Test
    @Verifies("METADATA-3")
    void entryIsHeardWhole() {
        member.lead();

        long offset = member.commit("one", "two", "three");

        assertThat(member.history().entries()).containsExactly(new Entry(offset, List.of("one", "two", "three")));
        restart();
        assertThat(member.history().entries()).containsExactly(new Entry(offset, List.of("one", "two", "three")));
    }

    @Test
    @Verifies("METADATA-3")
    void largeEntryIsHeardWhole() {
        member.lead();
        var records =
                IntStream.range(0, 5_000).mapToObj(i -> "x".repeat(200) + i).toArray(String[]::new);

        member.commit(records);

        restart();
        assertThat(member.history().entries()).hasSize(1);
        assertThat(member.history().records()).containsExactly(records);
    }

    @Test
    @Verifies("METADATA-4")
    void entryIsHeardBeforeItsProposalCompletes() {
        member.lead();

        var heard = member.propose("record")
                .thenApply(offset -> member.history().entries().contains(new Entry(offset, List.of("record"))));

        assertThat(Member.await(heard)).isTrue();
    }

    @Test
    @Verifies("METADATA-5")
    void proposalUnderAnotherEpochIsRefusedAndNotInTheLog() {
        int epoch = member.lead().epoch();
        var records = LogHistory.buffers(List.of("stale"));

        assertThatThrownBy(() -> Member.await(member.log().propose(epoch - 1, records)))
                .isInstanceOf(NotLeaderException.class);
        assertThatThrownBy(() -> Member.await(member.log().propose(epoch + 1, records)))
                .isInstanceOf(NotLeaderException.class);

        member.commit("fresh");
        restart();
        assertThat(member.history().records()).containsExactly("fresh");
    }

    @Test
    void leaderOpenedAgainHasAHigherEpoch() {
        int before = member.lead().epoch();
        member.commit("record");

        restart();

        assertThat(member.epoch()).isGreaterThan(before);
    }

    @Test
    @Verifies("METADATA-6")
    void closeIsIdempotentAndFailsWhatComesAfter() {
        int epoch = member.lead().epoch();

        member.close();

        assertThatCode(() -> member.close()).doesNotThrowAnyException();
        assertThatThrownBy(() -> Member.await(member.log().propose(epoch, LogHistory.buffers(List.of("late")))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Verifies("METADATA-6")
    void everyProposalEndsWhenTheLogIsClosed() {
        member.lead();
        var proposals = new ArrayList<CompletionStage<Long>>();
        for (int i = 0; i < 100; i++) {
            proposals.add(member.propose("record " + i));
        }

        member.close();

        var committed = new ArrayList<String>();
        for (int i = 0; i < proposals.size(); i++) {
            var isCommitted = Member.await(proposals.get(i).handle((offset, error) -> error == null));
            if (isCommitted) {
                committed.add("record " + i);
            }
        }
        member = new Member(open());
        member.lead();
        assertThat(member.history().records()).containsAll(committed);
    }

    @Test
    @Verifies("METADATA-7")
    void leadershipIsToldAfterTheEntriesBeforeIt() {
        member.lead();
        member.commit("one");
        member.commit("two");

        restart();

        var events = member.history().events();
        var firstLeader =
                events.stream().filter(Leader.class::isInstance).findFirst().orElseThrow();
        assertThat(events.subList(0, events.indexOf(firstLeader)))
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Entry", "Entry");
    }

    @Test
    void secondListenerIsRefused() {
        member.lead();

        assertThatThrownBy(() -> member.log().subscribe(new LogHistory())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void snapshotStandsForTheEntriesBelowIt() {
        member.lead();
        member.commit("one");
        long end = member.commit("two") + 1;

        Member.await(member.log().snapshot(end, LogHistory.buffers(List.of("one and two"))));

        member.commit("three");
        restart();
        assertThat(member.history().events()).contains(new Snapshot(end, List.of("one and two")));
        assertThat(member.history().records()).containsExactly("one and two", "three");
    }

    @Test
    void entriesGoOnAfterASnapshotOfEverything() {
        member.lead();
        long end = member.commit("one") + 1;
        Member.await(member.log().snapshot(end, LogHistory.buffers(List.of("all"))));

        restart();

        assertThat(member.history().records()).containsExactly("all");
        assertThat(member.commit("two")).isGreaterThanOrEqualTo(end);
        restart();
        assertThat(member.history().records()).containsExactly("all", "two");
    }

    @Test
    void newestOfManySnapshotsCounts() {
        member.lead();
        for (int i = 1; i <= 10; i++) {
            long end = member.commit("record " + i) + 1;
            Member.await(member.log().snapshot(end, LogHistory.buffers(List.of("up to " + i))));
        }

        restart();

        assertThat(member.history().records()).containsExactly("up to 10");
    }

    @Test
    void barrierCoversWhatWasCommittedBefore() {
        member.lead();
        long offset = member.commit("record");

        long barrier = Member.await(member.log().barrier());

        assertThat(barrier).isGreaterThan(offset);
    }

    /** Asked again and again from the open on: who asks early is not told less. */
    @Test
    void barrierOfASubscriberStandsBehindWhatItHasHeard() {
        member.lead();
        long offset = member.commit("record");
        member.close();
        member = new Member(open());
        var asked = new ArrayList<CompletionStage<Boolean>>();
        Runnable ask = () -> asked.add(member.log()
                .barrier()
                .thenApply(barrier ->
                        barrier > offset && member.history().records().equals(List.of("record"))));

        ask.run();
        member.log().subscribe(member.history());
        member.awaitThat("member leads", () -> {
            ask.run();
            return member.leadership().isPresent();
        });

        assertThat(asked).map(Member::await).doesNotContain(false);
    }
}
