package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.Compression;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PartitionSequenceTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 0);
    private static final ProducerIdentity PRODUCER = new ProducerIdentity(7, (short) 0);

    private final PartitionSequence sequence = new PartitionSequence(0);

    private ProducerBatch sent(int baseSequence) {
        var batch = new ProducerBatch(PARTITION, 0, 1_000, Compression.NONE, new byte[100]);
        assertThat(batch.add(OutboundRecord.of("flights", null, ByteBuffer.allocate(1)), 0, Delivery.IGNORED, 0))
                .isTrue();
        batch.seal(PRODUCER, baseSequence);
        sequence.sent(batch);
        return batch;
    }

    @Test
    void batchesAreSentAgainInTheOrderOfTheirSequenceNumbers() {
        var first = sent(3);
        var second = sent(4);

        sequence.failedForNow(second, 0);
        sequence.failedForNow(first, 0);

        assertThat(sequence.takeRetry()).isSameAs(first);
        assertThat(sequence.takeRetry()).isSameAs(second);
    }

    @Test
    void theFirstBatchOfAProducerIsAlone() {
        var first = sealed();
        sequence.sent(first);
        assertThat(sequence.mayBegin(0, 5)).isFalse();

        sequence.succeeded(first);
        sequence.sent(sealed());

        assertThat(sequence.mayBegin(0, 5)).isTrue();
    }

    @Test
    void noBatchIsFurtherBehindOneThatIsNotAnsweredThanABrokerKnows() {
        acknowledged(sentInTurn());
        var unanswered = sentInTurn();
        for (var later = 0; later < 4; later++) {
            assertThat(sequence.mayBegin(0, 5)).isTrue();
            acknowledged(sentInTurn());
        }
        assertThat(sequence.mayBegin(0, 5)).isFalse();

        acknowledged(unanswered);

        assertThat(sequence.mayBegin(0, 5)).isTrue();
    }

    @Test
    void whatIsRefusedForGoodIsNotKept() {
        for (var epoch = 0; epoch < 3; epoch++) {
            var refused = sealed();
            sequence.sent(refused);
            sequence.failedForGood(refused, ClientException.timedOut("refused", null));
        }

        acknowledged(sentInTurn());

        assertThat(sequence.mayBegin(0, 1)).isTrue();
    }

    @Test
    void withoutNumbersThePartsOfASplitBatchStayInTheirOrder() {
        var large = sealed(2, ProducerIdentity.NONE);
        sequence.sent(large);
        var parts = large.split();
        sequence.split(large, parts);

        var first = sequence.takeRetry();
        sequence.sent(first);
        sequence.failedForNow(first, 0);

        assertThat(sequence.takeRetry()).isSameAs(parts.get(0));
        assertThat(sequence.takeRetry()).isSameAs(parts.get(1));
    }

    @Test
    void ofABatchThatWasSplitBothPartsCount() {
        acknowledged(sentInTurn());
        var large = sealed(2, PRODUCER);
        sequence.sent(large);
        var parts = large.split();

        sequence.split(large, parts);
        acknowledged(parts.get(0));
        assertThat(sequence.mayBegin(0, 1)).isFalse();
        acknowledged(parts.get(1));

        assertThat(sequence.mayBegin(0, 1)).isTrue();
    }

    private ProducerBatch sentInTurn() {
        var batch = sealed();
        sequence.sent(batch);
        return batch;
    }

    private void acknowledged(ProducerBatch batch) {
        batch.complete(0, Delivery.NO_APPEND_TIME, null);
        while (sequence.peekRetry() != null) {
            sequence.takeRetry();
        }
        sequence.succeeded(batch);
    }

    private ProducerBatch sealed() {
        return sealed(1, PRODUCER);
    }

    private ProducerBatch sealed(int records, ProducerIdentity producer) {
        var batch = new ProducerBatch(PARTITION, 0, 1_000, Compression.NONE, new byte[100]);
        for (var record = 0; record < records; record++) {
            assertThat(batch.add(OutboundRecord.of("flights", null, ByteBuffer.allocate(1)), 0, Delivery.IGNORED, 0))
                    .isTrue();
        }
        sequence.seal(batch, producer);
        return batch;
    }

    @Test
    void aNewIdentityWaitsForTheBatchesOfTheLastOne() {
        var other = new ProducerIdentity(8, (short) 0);
        assertThat(sequence.mayNumber(PRODUCER)).isTrue();
        var batch = sealed();
        sequence.sent(batch);
        assertThat(sequence.mayNumber(PRODUCER)).isTrue();
        assertThat(sequence.mayNumber(other)).isFalse();

        sequence.succeeded(batch);

        assertThat(sequence.mayNumber(other)).isTrue();
    }

    @Test
    void whatIsOnItsWayBehindABatchThatWasGivenUpIsBehindAGap() {
        var timedOut = ClientException.timedOut("not delivered", null);
        var before = sent(3);
        var givenUp = sent(4);
        var behind = sent(5);

        sequence.failedForGood(givenUp, timedOut);
        assertThat(sequence.gapBefore(behind)).contains(timedOut);
        assertThat(sequence.gapBefore(before)).isEmpty();

        sequence.failedForGood(behind, ClientException.timedOut("with it", null));
        assertThat(sequence.gapBefore(sent(6))).contains(timedOut);
    }

    @Test
    void afterTheGreatestSequenceNumberComesZero() {
        var last = sent(Integer.MAX_VALUE);
        var first = sent(0);
        var second = sent(1);

        assertThat(sequence.hasEarlier(last)).isFalse();
        assertThat(sequence.hasEarlier(first)).isTrue();

        sequence.failedForNow(second, 0);
        sequence.failedForNow(first, 0);
        sequence.failedForNow(last, 0);

        assertThat(sequence.takeRetry()).isSameAs(last);
        assertThat(sequence.takeRetry()).isSameAs(first);
        assertThat(sequence.takeRetry()).isSameAs(second);
    }
}
