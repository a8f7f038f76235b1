package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.LogId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class RefusedSequencesTest {

    private static final long PRODUCER = 7;
    private static final UUID TOPIC = new UUID(1, 2);
    private static final LogId PARTITION = new LogId("orders", TOPIC, 3);

    private long nowNanos = 11;
    private final RefusedSequences refusals = new RefusedSequences(new Clock() {
        @Override
        public long millis() {
            throw new IllegalStateException("no dates in this test");
        }

        @Override
        public long nanos() {
            return nowNanos;
        }
    });

    @Test
    void whatComesAfterARefusedBatchIsBehindItAndItselfIsNot() {
        refusals.answered(PARTITION, batch(0, 10), ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(refusals.isBehindOne(PARTITION, batch(0, 11))).isTrue();
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 10))).isFalse();
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 9))).isFalse();
    }

    @Test
    void theLowestCounts() {
        refusals.answered(PARTITION, batch(0, 10), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        refusals.answered(PARTITION, batch(0, 12), ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(refusals.isBehindOne(PARTITION, batch(0, 12))).isTrue();
    }

    @Test
    void afterTheLargestSequenceComesZero() {
        refusals.answered(PARTITION, batch(0, Integer.MAX_VALUE), ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(refusals.isBehindOne(PARTITION, batch(0, 0))).isTrue();
    }

    @Test
    void aTopicThatWasNotKnownIsTheOneThatItBecomesByNameAndById() {
        refusals.refused("orders", new UUID(0, 0), 3, batch(0, 0), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 1))).isTrue();

        refusals.answered(PARTITION, batch(0, 0), ErrorCode.NONE);
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 1))).isFalse();

        refusals.refused("", TOPIC, 3, batch(0, 1), ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 2))).isTrue();

        refusals.answered(PARTITION, batch(0, 1), ErrorCode.NONE);
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 2))).isFalse();
    }

    @Test
    void otherProducersPartitionsAndEpochsAreNotBehindIt() {
        refusals.answered(PARTITION, batch(1, 10), ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(refusals.isBehindOne(new LogId("orders", TOPIC, 4), batch(1, 11)))
                .isFalse();
        assertThat(refusals.isBehindOne(new LogId("orders", new UUID(1, 3), 3), batch(1, 11)))
                .isFalse();
        assertThat(refusals.isBehindOne(PARTITION, view(8, 1, 11))).isFalse();
        assertThat(refusals.isBehindOne(PARTITION, batch(2, 11))).isFalse();
    }

    @Test
    void aLaterEpochIsWhatCounts() {
        refusals.answered(PARTITION, batch(1, 10), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        refusals.answered(PARTITION, batch(2, 0), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        refusals.answered(PARTITION, batch(1, 11), ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(refusals.isBehindOne(PARTITION, batch(2, 1))).isTrue();
    }

    @Test
    void whatIsNotSentAgainIsNotKept() {
        refusals.answered(PARTITION, batch(0, 10), ErrorCode.MESSAGE_TOO_LARGE);
        refusals.answered(PARTITION, Batches.view(Batches.plain(1)), ErrorCode.NOT_LEADER_OR_FOLLOWER);

        assertThat(refusals.isBehindOne(PARTITION, batch(0, 11))).isFalse();
    }

    @Test
    void aBatchThatIsRefusedForGoodInTheEndIsNotSentAgain() {
        refusals.answered(PARTITION, batch(0, 10), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        refusals.answered(PARTITION, batch(0, 11), ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 11))).isTrue();

        refusals.answered(PARTITION, batch(0, 10), ErrorCode.MESSAGE_TOO_LARGE);

        assertThat(refusals.isBehindOne(PARTITION, batch(0, 11))).isFalse();
    }

    /** It was sent to another leader since, or given up. */
    @Test
    void whatNobodyCanHaveOnTheWayAnyMoreIsForgotten() {
        refusals.answered(PARTITION, batch(0, 10), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        nowNanos += RefusedSequences.LONGEST_NANOS - 1;
        assertThat(refusals.isBehindOne(PARTITION, batch(0, 11))).isTrue();

        nowNanos++;

        assertThat(refusals.isBehindOne(PARTITION, batch(0, 11))).isFalse();
    }

    @Test
    void aConnectionThatIsRefusedWithoutEndTakesNoMoreMemory() {
        var most = RefusedSequences.MOST;
        for (var producer = 0; producer < 2 * most; producer++) {
            refusals.answered(PARTITION, view(producer, 0, 0), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }

        var kept = 0;
        for (var producer = 0; producer < 2 * most; producer++) {
            kept += refusals.isBehindOne(PARTITION, view(producer, 0, 1)) ? 1 : 0;
        }
        assertThat(kept).isEqualTo(most);
    }

    private static RecordBatch batch(int epoch, int sequence) {
        return view(PRODUCER, epoch, sequence);
    }

    private static RecordBatch view(long producer, int epoch, int sequence) {
        return Batches.view(Batches.sequenced(producer, epoch, sequence, 1));
    }
}
