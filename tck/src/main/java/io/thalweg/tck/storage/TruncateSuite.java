package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cutting the end off a log. */
abstract class TruncateSuite extends StorageSuite {

    @Test
    @Verifies("LOG-16")
    void truncationAtABatchKeepsWhatIsBelow() {
        var appended = append(batches(0, 30));

        for (var kept = 29; kept > 0; kept -= 3) {
            Stages.await(log.truncateTo((long) kept * RECORDS));

            assertThat(log.offsets().end()).isEqualTo((long) kept * RECORDS);
            assertThat(log.offsets().maxTimestamp()).isEqualTo((kept - 1L) * RECORDS);
            assertThat(readFrom(0)).isEqualTo(appended.subList(0, kept));
        }
    }

    @Test
    @Verifies("LOG-16")
    void truncationInsideABatchRemovesAllOfIt() {
        var appended = append(batches(0, 20));

        Stages.await(log.truncateTo(7 * RECORDS + 1));

        assertThat(log.offsets().end()).isEqualTo(7 * RECORDS);
        assertThat(readFrom(0)).isEqualTo(appended.subList(0, 7));
    }

    @Test
    @Verifies("LOG-16")
    void truncationAtOrAboveTheEndChangesNothing() {
        var appended = append(batches(0, 5));

        Stages.await(log.truncateTo(5 * RECORDS));
        Stages.await(log.truncateTo(99));

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(log.offsets().end()).isEqualTo(5 * RECORDS);
    }

    @Test
    @Verifies("LOG-16")
    void truncationInAGapEndsThere() {
        var appended = append(List.of(SampleBatch.of(0, 2, 5, 10), SampleBatch.of(50, 2, 9, 10)));

        Stages.await(log.truncateTo(20));

        assertThat(log.offsets().end()).isEqualTo(20);
        assertThat(readFrom(0)).isEqualTo(appended.subList(0, 1));
    }

    @Test
    void truncationToZeroLeavesAnEmptyLog() {
        append(batches(0, 20));

        Stages.await(log.truncateTo(0));

        assertThat(log.offsets().end()).isZero();
        assertThat(log.offsets().maxTimestamp()).isEqualTo(-1);
        assertThat(readFrom(0)).isEmpty();
    }

    @Test
    @Verifies("LOG-17")
    void truncationBelowTheStartBeginsANewLogThere() {
        append(batches(300, 20));
        Stages.await(log.advanceStart(330));

        Stages.await(log.truncateTo(100));

        assertThat(log.offsets().start()).isEqualTo(100);
        assertThat(log.offsets().end()).isEqualTo(100);
        var appended = append(batches(100, 5));
        assertThat(readFrom(100)).isEqualTo(appended);
    }

    @Test
    void truncationOfTheBatchThatHoldsTheStartEndsAtTheStart() {
        append(batches(0, 4));
        Stages.await(log.advanceStart(RECORDS + 1));

        Stages.await(log.truncateTo(RECORDS + 2));

        assertThat(log.offsets().start()).isEqualTo(RECORDS + 1);
        assertThat(log.offsets().end()).isEqualTo(RECORDS + 1);
    }

    @Test
    @Verifies("LOG-7")
    void appendsGoOnAfterTruncation() {
        var kept = append(batches(0, 20)).subList(0, 11);

        Stages.await(log.truncateTo(11 * RECORDS));
        var added = append(List.of(
                SampleBatch.of(11 * RECORDS, 1, 2, 70, 500, 1), SampleBatch.of(11 * RECORDS + 1, 1, 2, 80, 900, 2)));

        assertThat(readFrom(0).subList(0, 11)).isEqualTo(kept);
        assertThat(readFrom(11 * RECORDS)).isEqualTo(added);
        assertThatThrownBy(() -> append(List.of(SampleBatch.of(0, 1, 0, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Verifies("LOG-7")
    void truncationComesAfterTheStartsBeforeIt() {
        var appended = append(batches(0, 30));

        var first = log.advanceStart(RECORDS);
        var second = log.advanceStart(2 * RECORDS);
        var third = log.truncateTo(9 * RECORDS);
        Stages.await(first);
        Stages.await(second);
        Stages.await(third);

        assertThat(log.offsets().start()).isEqualTo(2 * RECORDS);
        assertThat(readFrom(2 * RECORDS)).isEqualTo(appended.subList(2, 9));
    }

    @Test
    void truncationOutlivesARestart() {
        var appended = append(batches(0, 30));
        commit();
        Stages.await(log.truncateTo(17 * RECORDS));

        restart();

        assertThat(log.offsets().end()).isEqualTo(17 * RECORDS);
        assertThat(readFrom(0)).isEqualTo(appended.subList(0, 17));
    }

    @Test
    @Verifies("LOG-21")
    void truncationInAGapOutlivesARestart() {
        append(List.of(SampleBatch.of(0, 2, 5, 10), SampleBatch.of(50, 2, 9, 10)));
        Stages.await(log.truncateTo(20));

        restart();

        assertThat(log.offsets().end()).isEqualTo(20);
    }

    @Test
    void readPastATruncationIsOutOfRange() {
        append(batches(0, 10));
        Stages.await(log.truncateTo(RECORDS));

        assertThatThrownBy(() -> read(RECORDS + 1, Long.MAX_VALUE, 100))
                .isInstanceOf(StorageException.OutOfRange.class);
    }

    @Test
    @Verifies("LOG-21")
    void endInAGapOutlivesAStartBelowItAndARestart() {
        append(List.of(SampleBatch.of(0, 2, 5, 10), SampleBatch.of(50, 2, 9, 10)));
        commit();
        Stages.await(log.truncateTo(20));
        Stages.await(log.advanceStart(10));

        restart();

        assertThat(log.offsets().start()).isEqualTo(10);
        assertThat(log.offsets().end()).isEqualTo(20);
        assertThat(append(batches(20, 2))).isEqualTo(readFrom(10));
    }

    @Test
    @Verifies("LOG-17")
    void truncationBelowTheStartOfAnEmptiedLogOutlivesARestart() {
        append(List.of(SampleBatch.of(100, 2, 5, 10), SampleBatch.of(200, 2, 9, 10)));
        commit();
        Stages.await(log.truncateTo(150));
        Stages.await(log.advanceStart(140));
        Stages.await(log.truncateTo(100));
        var appended = append(batches(100, 3));
        commit();

        restart();

        assertThat(log.offsets().start()).isEqualTo(100);
        assertThat(log.offsets().end()).isEqualTo(100 + 3 * RECORDS);
        assertThat(readFrom(100)).isEqualTo(appended);
    }
}
