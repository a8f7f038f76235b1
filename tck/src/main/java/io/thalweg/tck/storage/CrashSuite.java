package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is there after the process has died; for engines that say they survive it. */
abstract class CrashSuite extends StorageSuite {

    @BeforeEach
    final void onlyIfDeclared() {
        assumeTrue(rig.can(StorageAbility.SURVIVES_CRASH), "the engine does not declare SURVIVES_CRASH");
    }

    private void crash() {
        rig.crash();
        adopt(rig);
    }

    @Test
    @Verifies({"ENGINE-3", "ENGINE-9"})
    void whatWasCommittedIsThere() {
        var appended = append(batches(0, 40));
        commit();

        crash();

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(log.offsets().durable()).isEqualTo(40 * RECORDS);
        assertThat(log.offsets().maxTimestamp()).isEqualTo(39 * RECORDS);
    }

    @Test
    void whatIsThereIsAPrefixOfWhatWasAppended() {
        var committed = append(batches(0, 10));
        commit();
        append(batches(10 * RECORDS, 10));

        crash();

        assertThat(readFrom(0)).startsWith(committed.toArray(SampleBatch[]::new));
        assertThat(readFrom(0)).isEqualTo(batches(0, readFrom(0).size()));
    }

    @Test
    void appendsGoOnAfterCrashes() {
        var offset = 0L;
        for (var round = 0; round < 5; round++) {
            append(batches(offset, 9));
            commit();
            offset += 9 * RECORDS;
            crash();
            assertThat(log.offsets().end()).isEqualTo(offset);
        }

        assertThat(readFrom(0)).isEqualTo(batches(0, 45));
    }

    @Test
    void crashAfterRecoveryChangesNothing() {
        var appended = append(batches(0, 40));
        commit();
        crash();

        crash();

        assertThat(readFrom(0)).isEqualTo(appended);
    }

    @Test
    @Verifies("LOG-21")
    void endInAGapIsThere() {
        var appended = append(List.of(SampleBatch.of(0, 2, 5, 10), SampleBatch.of(50, 2, 9, 10)));
        commit();
        Stages.await(log.truncateTo(20));

        crash();

        assertThat(log.offsets().end()).isEqualTo(20);
        assertThat(readFrom(0)).isEqualTo(appended.subList(0, 1));
    }

    @Test
    @Verifies("LOG-21")
    void endInAGapAboveTheStartIsThere() {
        append(List.of(SampleBatch.of(0, 2, 5, 10), SampleBatch.of(50, 2, 9, 10)));
        commit();
        Stages.await(log.truncateTo(20));
        Stages.await(log.advanceStart(10));

        crash();

        assertThat(log.offsets().start()).isEqualTo(10);
        assertThat(log.offsets().end()).isEqualTo(20);
    }

    @Test
    @Verifies("LOG-21")
    void truncationIsThere() {
        var appended = append(batches(0, 40));
        commit();
        Stages.await(log.truncateTo(22 * RECORDS + 1));

        crash();

        assertThat(log.offsets().end()).isEqualTo(22 * RECORDS);
        assertThat(readFrom(0)).isEqualTo(appended.subList(0, 22));
    }

    @Test
    void appendsAfterATruncationAreThere() {
        append(batches(0, 40));
        commit();
        Stages.await(log.truncateTo(5 * RECORDS));
        var added = append(List.of(SampleBatch.of(5 * RECORDS, 2, 4, 0, 33, 1)));
        commit();

        crash();

        assertThat(readFrom(5 * RECORDS)).isEqualTo(added);
    }

    @Test
    @Verifies("LOG-18")
    void startIsThere() {
        var appended = append(batches(0, 40));
        commit();
        Stages.await(log.advanceStart(27 * RECORDS));

        crash();

        assertThat(log.offsets().start()).isEqualTo(27 * RECORDS);
        assertThat(readFrom(27 * RECORDS)).isEqualTo(appended.subList(27, 40));
    }

    @Test
    void startOfAnEmptiedLogIsThere() {
        append(batches(0, 40));
        commit();
        Stages.await(log.advanceStart(200));

        crash();

        assertThat(log.offsets().start()).isEqualTo(200);
        assertThat(log.offsets().end()).isEqualTo(200);
    }

    @Test
    @Verifies("LOG-17")
    void loweredStartIsThere() {
        append(batches(300, 40));
        commit();
        Stages.await(log.advanceStart(330));
        Stages.await(log.truncateTo(10));
        var appended = append(batches(10, 3));
        commit();

        crash();

        assertThat(log.offsets().start()).isEqualTo(10);
        assertThat(readFrom(10)).isEqualTo(appended);
    }

    @Test
    void deletionIsThere() {
        append(batches(0, 40));
        commit();
        Stages.await(engine.delete(StorageRig.ID));

        crash();

        assertThat(log.offsets().end()).isZero();
    }

    @Test
    @Verifies("CHECKPOINT-2")
    void checkpointsAreThere() {
        var note = new Checkpoint("producers", 7, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Stages.await(engine.checkpoints(StorageRig.ID).save(note));

        crash();

        assertThat(Stages.await(engine.checkpoints(StorageRig.ID).latest("producers", 7)))
                .hasValueSatisfying(found -> assertThat(found.bytes()).isEqualTo(note.bytes()));
    }

    @Test
    void timesAreFoundAfterACrash() {
        append(batches(0, 60));
        commit();

        crash();

        for (var timestamp = 0L; timestamp <= 59 * RECORDS; timestamp += 5) {
            assertThat(Stages.await(log.find(timestamp))).hasValue((timestamp + RECORDS - 1) / RECORDS * RECORDS);
        }
    }
}
