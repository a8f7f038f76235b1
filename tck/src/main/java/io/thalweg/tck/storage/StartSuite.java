package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moving the start of a log. */
abstract class StartSuite extends StorageSuite {

    @Test
    @Verifies({"LOG-18", "LOG-10"})
    void whatIsBelowTheStartCannotBeRead() {
        var appended = append(batches(0, 30));

        Stages.await(log.advanceStart(20 * RECORDS));

        assertThat(log.offsets().start()).isEqualTo(20 * RECORDS);
        assertThat(log.offsets().localStart()).isEqualTo(20 * RECORDS);
        assertThat(readFrom(20 * RECORDS)).isEqualTo(appended.subList(20, 30));
        assertThatThrownBy(() -> read(20 * RECORDS - 1, Long.MAX_VALUE, 1))
                .isInstanceOf(StorageException.OutOfRange.class);
    }

    @Test
    void startInsideABatchGivesThatBatch() {
        var appended = append(batches(0, 30));

        Stages.await(log.advanceStart(13 * RECORDS + 1));

        assertThat(log.offsets().start()).isEqualTo(13 * RECORDS + 1);
        assertThat(readFrom(13 * RECORDS + 1)).isEqualTo(appended.subList(13, 30));
    }

    @Test
    @Verifies("LOG-18")
    void startBelowTheStartChangesNothing() {
        append(batches(0, 10));
        Stages.await(log.advanceStart(15));

        Stages.await(log.advanceStart(15));
        Stages.await(log.advanceStart(3));

        assertThat(log.offsets().start()).isEqualTo(15);
    }

    @Test
    @Verifies("LOG-18")
    void startAtTheEndEmptiesTheLog() {
        append(batches(0, 10));

        Stages.await(log.advanceStart(10 * RECORDS));

        assertThat(log.offsets().start()).isEqualTo(10 * RECORDS);
        assertThat(log.offsets().end()).isEqualTo(10 * RECORDS);
        var appended = append(batches(10 * RECORDS, 3));
        assertThat(readFrom(10 * RECORDS)).isEqualTo(appended);
    }

    @Test
    @Verifies("LOG-18")
    void startAboveTheEndBeginsANewLogThere() {
        append(batches(0, 10));

        Stages.await(log.advanceStart(500));

        assertThat(log.offsets().start()).isEqualTo(500);
        assertThat(log.offsets().end()).isEqualTo(500);
        assertThatThrownBy(() -> append(List.of(SampleBatch.of(499, 1, 0, 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(append(batches(500, 2))).isEqualTo(readFrom(500));
    }

    @Test
    void startOfAnEmptyLogMayMove() {
        Stages.await(log.advanceStart(42));

        assertThat(log.offsets().start()).isEqualTo(42);
        assertThat(append(batches(42, 2))).isEqualTo(readFrom(42));
    }

    @Test
    void appendsMayGoOnWhileTheStartMoves() {
        var all = append(batches(0, 40));
        var moved = log.advanceStart(25 * RECORDS);

        var added = append(batches(40 * RECORDS, 5));

        Stages.await(moved);
        assertThat(readFrom(25 * RECORDS).subList(0, 15)).isEqualTo(all.subList(25, 40));
        assertThat(readFrom(40 * RECORDS)).isEqualTo(added);
    }

    @Test
    void startOutlivesARestart() {
        var appended = append(batches(0, 30));
        Stages.await(log.advanceStart(13 * RECORDS + 2));

        restart();

        assertThat(log.offsets().start()).isEqualTo(13 * RECORDS + 2);
        assertThat(readFrom(13 * RECORDS + 2)).isEqualTo(appended.subList(13, 30));
    }

    @Test
    void startOfAnEmptiedLogOutlivesARestart() {
        append(batches(0, 10));
        Stages.await(log.advanceStart(10 * RECORDS));

        restart();

        assertThat(log.offsets().start()).isEqualTo(10 * RECORDS);
        assertThat(log.offsets().end()).isEqualTo(10 * RECORDS);
    }
}
