package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found of a log whose storage was damaged while nobody used it; for engines that say how that is done to them. */
abstract class DamageSuite extends StorageSuite {

    private static final int COUNT = 40;

    @BeforeEach
    final void onlyIfDeclared() {
        assumeTrue(rig.can(StorageAbility.CAN_BE_DAMAGED), "the engine does not declare CAN_BE_DAMAGED");
    }

    @Test
    @Verifies("LOG-11")
    void flippedBitInTheFirstBatchIsReported() {
        assertReportedAfterRestart(Damage.FLIPPED_BIT, 0);
    }

    @Test
    @Verifies("LOG-11")
    void flippedBitAmongOthersIsReported() {
        assertReportedAfterRestart(Damage.FLIPPED_BIT, 17);
    }

    @Test
    @Verifies("LOG-11")
    void flippedBitInTheLastBatchIsReported() {
        assertReportedAfterRestart(Damage.FLIPPED_BIT, COUNT - 1);
    }

    @Test
    @Verifies("LOG-11")
    void flippedBitAmongOthersIsReportedAfterACrash() {
        assertReportedAfterCrash(Damage.FLIPPED_BIT, 17);
    }

    @Test
    @Verifies("LOG-11")
    void zerosInPlaceOfTheFirstBatchAreReported() {
        assertReportedAfterRestart(Damage.ZEROED, 0);
    }

    @Test
    @Verifies("LOG-11")
    void zerosInPlaceOfABatchAmongOthersAreReported() {
        assertReportedAfterRestart(Damage.ZEROED, 17);
    }

    @Test
    @Verifies("LOG-11")
    void zerosInPlaceOfABatchAmongOthersAreReportedAfterACrash() {
        assertReportedAfterCrash(Damage.ZEROED, 17);
    }

    @Test
    @Verifies("LOG-23")
    void lossOfTheFirstBatchIsReported() {
        assertReportedAfterRestart(Damage.LOST_PIECE, 0);
    }

    @Test
    @Verifies("LOG-23")
    void lossAmongOthersIsReported() {
        assertReportedAfterRestart(Damage.LOST_PIECE, 17);
    }

    @Test
    @Verifies("LOG-23")
    void lossOfTheLastBatchIsReported() {
        assertReportedAfterRestart(Damage.LOST_PIECE, COUNT - 1);
    }

    @Test
    @Verifies("LOG-23")
    void lossOfTheFirstBatchIsReportedAfterACrash() {
        assertReportedAfterCrash(Damage.LOST_PIECE, 0);
    }

    @Test
    @Verifies("LOG-23")
    void lossAmongOthersIsReportedAfterACrash() {
        assertReportedAfterCrash(Damage.LOST_PIECE, 17);
    }

    /** What lies in a gap is nothing that could be lost. */
    @Test
    @Verifies("LOG-23")
    void gapsAreNotTakenForLosses() {
        var appended = new ArrayList<SampleBatch>();
        for (var offset = 5L; offset < 900; offset += 17) {
            appended.add(SampleBatch.of(offset, RECORDS, offset, PAYLOAD_BYTES));
        }
        append(appended);
        Stages.await(log.truncateTo(700));
        Stages.await(log.advanceStart(30));
        append(List.of(SampleBatch.of(750, RECORDS, 900, PAYLOAD_BYTES)));
        var held = readFrom(30);

        restart();

        assertThat(readFrom(30)).isEqualTo(held);
        assertThat(log.offsets().end()).isEqualTo(750 + RECORDS);
    }

    @Test
    @Verifies("ENGINE-15")
    void otherLogsOfTheEngineAreOpened() {
        append(batches(0, COUNT));
        var other = rig.open(StorageRig.id("payments", 0), SMALL);
        batches(0, COUNT).forEach(batch -> other.append(List.of(batch.toBatch())));

        rig.restartDamaged(Damage.LOST_PIECE, StorageRig.ID, 0);

        var found = rig.open(StorageRig.id("payments", 0), SMALL);
        assertThat(LogReader.readAll(found, 0, Long.MAX_VALUE)).isEqualTo(batches(0, COUNT));
    }

    private void assertReportedAfterRestart(Damage damage, int index) {
        var appended = append(batches(0, COUNT));

        rig.restartDamaged(damage, StorageRig.ID, appended.get(index).lastOffset());

        assertReported(appended, index);
    }

    /** What is damaged was there when the engine was last closed. */
    private void assertReportedAfterCrash(Damage damage, int index) {
        assumeTrue(rig.can(StorageAbility.SURVIVES_CRASH), "the engine does not declare SURVIVES_CRASH");
        append(batches(0, COUNT));
        restart();
        append(batches(COUNT * RECORDS, COUNT));
        commit();

        rig.crashDamaged(damage, StorageRig.ID, (long) index * RECORDS);

        assertReported(batches(0, 2 * COUNT), index);
    }

    /** The log does not open, or the read there fails; what is read from elsewhere is what was appended. */
    private void assertReported(List<SampleBatch> appended, int damaged) {
        PartitionLog found;
        try {
            found = rig.open(StorageRig.ID, SMALL);
        } catch (StorageException.Corrupt e) {
            return;
        }
        // Whoever asks again, and whoever comes later, is told the same.
        for (var reader = 0; reader < 2; reader++) {
            for (var batch : appended.subList(0, damaged)) {
                assertGivenOrReported(found, batch);
            }
            assertThatThrownBy(() -> readOne(found, appended.get(damaged)))
                    .isInstanceOf(StorageException.Corrupt.class);
            for (var batch : appended.subList(damaged + 1, appended.size())) {
                assertGivenOrReported(found, batch);
            }
            assertThatThrownBy(() -> LogReader.readAll(found, 0, Long.MAX_VALUE))
                    .isInstanceOf(StorageException.Corrupt.class);
        }
    }

    private static void assertGivenOrReported(PartitionLog log, SampleBatch batch) {
        try {
            assertThat(readOne(log, batch)).containsExactly(batch);
        } catch (StorageException.Corrupt e) {
            // The same piece of storage was damaged.
            assertThat(e).hasMessageContaining(StorageRig.ID.topic());
        }
    }

    private static List<SampleBatch> readOne(PartitionLog log, SampleBatch batch) {
        return SampleBatch.in(Stages.await(log.read(batch.baseOffset(), Long.MAX_VALUE, 1)));
    }
}
