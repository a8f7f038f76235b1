package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.partition.ProducerStates.Verdict;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ProducerStatesTest {

    private static final long PRODUCER = 7;

    private final ProducerStates states = new ProducerStates();
    private long nextOffset = 100;

    @Test
    void unknownProducerMayBeginAnywhere() {
        assertThat(check(batch(0, 42, 1))).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void unknownProducerMayNotBeginBehindABatchThatWasRefused() {
        assertThat(states.check(batch(0, 42, 1), () -> true))
                .satisfies(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void nextSequenceIsFresh() {
        write(batch(0, 0, 3));

        assertThat(check(batch(0, 3, 2))).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void eachOfTheLastFiveBatchesIsADuplicateWithItsOffset() {
        for (var i = 0; i < 6; i++) {
            write(batch(0, i, 1));
        }

        for (var i = 1; i < 6; i++) {
            var offset = 100 + i;
            assertThat(check(batch(0, i, 1)))
                    .isInstanceOfSatisfying(
                            Verdict.Duplicate.class,
                            duplicate ->
                                    assertThat(duplicate.batch().baseOffset()).isEqualTo(offset));
        }
    }

    @Test
    void aBatchFromBeforeThatIsNotRememberedIsOutOfOrderForItMayNeverHaveBeenWritten() {
        for (var i = 0; i < 6; i++) {
            write(batch(0, i, 1));
        }

        assertThat(check(batch(0, 0, 1))).satisfies(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void theFirstBatchIsNotTakenForADuplicateWhenItWasRefusedAndTheSecondWasNot() {
        write(batch(0, 10, 10));

        assertThat(check(batch(0, 0, 10))).satisfies(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void aGapIsOutOfOrder() {
        write(batch(0, 0, 1));

        assertThat(check(batch(0, 2, 1))).satisfies(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void anOlderEpochIsFenced() {
        write(batch(3, 0, 1));

        assertThat(check(batch(2, 1, 1))).satisfies(refused(ErrorCode.INVALID_PRODUCER_EPOCH));
    }

    @Test
    void aNewEpochBeginsAtZero() {
        write(batch(0, 0, 5));

        assertThat(check(batch(1, 0, 1))).isInstanceOf(Verdict.Fresh.class);
        assertThat(check(batch(1, 5, 1))).satisfies(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void sequencesWrapToZero() {
        write(batch(0, Integer.MAX_VALUE - 1, 2));

        assertThat(check(batch(0, 0, 1))).isInstanceOf(Verdict.Fresh.class);
        assertThat(check(batch(0, Integer.MAX_VALUE, 1))).satisfies(refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void undoForgetsWhatTheLogRefused() {
        write(batch(0, 0, 1));
        states.note(batch(0, 1, 1));
        states.note(batch(0, 2, 1));

        states.undo();

        assertThat(check(batch(0, 1, 1))).isInstanceOf(Verdict.Fresh.class);
    }

    @Test
    void undoForgetsAProducerThatWasUnknown() {
        states.note(batch(0, 9, 1));

        states.undo();

        assertThat(states.entries()).isEmpty();
    }

    @Test
    void idleProducersExpire() {
        write(batch(0, 0, 1));

        states.expire(Batches.TIMESTAMP + 1);

        assertThat(states.entry(PRODUCER)).isNull();
    }

    /** A producer may send any of them again after a restart. */
    @Test
    void checkpointRestoresTheLastFiveBatches() {
        for (var sequence = 0; sequence < 6; sequence++) {
            write(batch(4, sequence, 1));
        }

        var read = ProducerCheckpoint.read(write());

        assertThat(read).hasValue(content());
        assertThat(read.orElseThrow().producers().values())
                .singleElement()
                .satisfies(entry -> assertThat(entry.batches()).hasSize(5));
    }

    @Test
    void checkpointRestoresSequencesThatWrap() {
        write(batch(4, Integer.MAX_VALUE, 3));

        var read = ProducerCheckpoint.read(write());

        assertThat(read).hasValue(content());
    }

    @Test
    void aDamagedCheckpointIsAsIfItWereNotThere() {
        write(batch(0, 0, 1));
        var whole = write();

        for (var i = 0; i < whole.limit(); i++) {
            var damaged = write();
            damaged.put(i, (byte) (damaged.get(i) ^ 1));
            assertThat(ProducerCheckpoint.read(damaged)).as("byte %d", i).isEmpty();
            assertThat(ProducerCheckpoint.read(whole.slice(0, i)))
                    .as("length %d", i)
                    .isEmpty();
        }
    }

    private ProducerCheckpoint.Content content() {
        return new ProducerCheckpoint.Content(
                states.entries(), states.transactions().starts());
    }

    private ByteBuffer write() {
        return ProducerCheckpoint.write(content());
    }

    private Verdict check(RecordBatch batch) {
        return states.check(batch, () -> false);
    }

    private void write(RecordBatch batch) {
        batch.assignOffsets(nextOffset);
        nextOffset = batch.nextOffset();
        states.note(batch);
        states.keep();
    }

    private static RecordBatch batch(int producerEpoch, int baseSequence, int records) {
        return Batches.view(Batches.sequenced(PRODUCER, producerEpoch, baseSequence, records));
    }

    private static Consumer<Verdict> refused(ErrorCode error) {
        return verdict -> assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.error()).isEqualTo(error));
    }
}
