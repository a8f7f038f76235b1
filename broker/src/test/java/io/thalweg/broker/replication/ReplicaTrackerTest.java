package io.thalweg.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.replication.IsrChange.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Broker 1 leads, in an epoch that begins at offset 10; the high watermark it knows is 8. */
final class ReplicaTrackerTest {

    private static final long LAG = 100;

    private final ReplicaTracker tracker =
            new ReplicaTracker(1, new Assignment(List.of(1, 2, 3), List.of(1, 2), 5), 8, 10, 0);

    @Test
    void theHighWatermarkIsTheLowestAcknowledgedOffsetOfTheInSync() {
        tracker.durable(20);
        assertThat(tracker.advance(1)).isFalse();
        tracker.acknowledge(2, 7, 15, 20, 0);

        assertThat(tracker.advance(1)).isTrue();
        assertThat(tracker.highWatermark()).isEqualTo(15);
    }

    @Test
    void theLeadersOwnDiskCounts() {
        tracker.durable(12);
        tracker.acknowledge(2, 7, 15, 20, 0);
        tracker.advance(1);

        assertThat(tracker.highWatermark()).isEqualTo(12);
    }

    @Test
    void itStandsStillWhileTooFewAreInSyncAndNeverGoesBack() {
        tracker.durable(20);
        tracker.acknowledge(2, 7, 15, 20, 0);
        assertThat(tracker.advance(3)).isFalse();
        tracker.advance(2);
        // The same broker in a new life has lost some.
        tracker.acknowledge(2, 8, 11, 20, 0);

        assertThat(tracker.advance(2)).isFalse();
        assertThat(tracker.highWatermark()).isEqualTo(15);
    }

    @Test
    void anEarlierLifeIsNotListenedTo() {
        tracker.durable(20);
        tracker.acknowledge(2, 8, 11, 20, 0);

        assertThat(tracker.acknowledge(2, 7, 20, 20, 0)).isFalse();
        tracker.advance(2);
        assertThat(tracker.highWatermark()).isEqualTo(11);
    }

    @Test
    void whoHoldsWhatCameBeforeTheEpochJoins() {
        tracker.durable(20);
        tracker.acknowledge(2, 7, 20, 20, 0);
        tracker.acknowledge(3, 9, 9, 20, 0);
        assertThat(tracker.propose(20, 0, LAG)).isEmpty();
        tracker.acknowledge(3, 9, 10, 20, 0);

        assertThat(tracker.propose(20, 0, LAG))
                .contains(new IsrChange(List.of(new Member(1, -1), new Member(2, 7), new Member(3, 9)), 5));
    }

    @Test
    void whoIsPutOutByOthersIsToBeHeardOfAnew() {
        tracker.durable(20);
        tracker.acknowledge(2, 7, 20, 20, 0);

        tracker.update(new Assignment(List.of(1, 2, 3), List.of(1), 6), 0);
        assertThat(tracker.propose(20, 0, LAG)).isEmpty();
        tracker.acknowledge(2, 7, 20, 20, 0);

        assertThat(tracker.propose(20, 0, LAG))
                .contains(new IsrChange(List.of(new Member(1, -1), new Member(2, 7)), 6));
    }

    @Test
    void whoJoinsCountsFromWhenItIsAskedFor() {
        tracker.durable(20);
        tracker.acknowledge(2, 7, 20, 20, 0);
        tracker.acknowledge(3, 9, 10, 20, 0);
        tracker.propose(20, 0, LAG);

        tracker.advance(2);

        assertThat(tracker.highWatermark()).isEqualTo(10);
    }

    @Test
    void whoLagsLeavesAndCountsUntilTheControllerHasDecided() {
        tracker.durable(20);
        tracker.acknowledge(2, 7, 12, 20, 0);
        var change = tracker.propose(20, LAG + 1, LAG).orElseThrow();
        assertThat(change.inSync()).containsExactly(new Member(1, -1));
        tracker.advance(1);
        assertThat(tracker.highWatermark()).isEqualTo(12);

        assertThat(tracker.update(new Assignment(List.of(1, 2, 3), List.of(1), 6), LAG + 1))
                .isTrue();
        tracker.advance(1);

        assertThat(tracker.highWatermark()).isEqualTo(20);
    }

    @Test
    void whoHasEverythingIsCaughtUpHoweverLongNothingCame() {
        tracker.acknowledge(2, 7, 20, 20, 0);
        assertThat(tracker.propose(20, 50 * LAG, LAG)).isEmpty();

        tracker.appended(20, 50 * LAG);

        assertThat(tracker.propose(21, 51 * LAG, LAG)).isEmpty();
        assertThat(tracker.propose(21, 51 * LAG + 1, LAG)).isPresent();
    }

    @Test
    void whoReachesTheEndOfItsLastFetchKeepsUpThoughTheLogGrowsOn() {
        tracker.acknowledge(2, 7, 10, 20, 0);
        tracker.acknowledge(2, 7, 20, 30, 90);
        tracker.acknowledge(2, 7, 30, 40, 180);

        assertThat(tracker.propose(40, 190, LAG)).isEmpty();
        assertThat(tracker.propose(40, 191, LAG)).isPresent();
    }

    @Test
    void oneChangeIsUnderWayAtATimeAndAskedForAgainIfItsEndIsUnknown() {
        tracker.acknowledge(2, 7, 12, 20, 0);
        var change = tracker.propose(20, LAG + 1, LAG).orElseThrow();
        assertThat(tracker.propose(20, LAG + 1, LAG)).isEmpty();

        tracker.undecided(change);

        assertThat(tracker.propose(20, LAG + 1, LAG)).contains(change);
    }

    @Test
    void whoIsRefusedRests() {
        tracker.acknowledge(2, 7, 20, 20, 0);
        tracker.acknowledge(3, 9, 20, 20, 0);
        var change = tracker.propose(20, 0, LAG).orElseThrow();

        tracker.refused(change, 0, 50);

        assertThat(tracker.propose(20, 49, LAG)).isEmpty();
        assertThat(tracker.propose(20, 50, LAG)).isPresent();
    }

    @Test
    void whatIsKnownAlreadyChangesNothing() {
        assertThat(tracker.update(new Assignment(List.of(1), List.of(1), 5), 0)).isFalse();
        assertThat(tracker.inSyncCount()).isEqualTo(2);
    }
}
