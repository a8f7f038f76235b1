package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogId;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which logs an engine says it holds, and that none is lost for its name. */
abstract class ListingSuite extends StorageSuite {

    /** A name of the greatest length, which leaves a file system just room for the partition. */
    private static final LogId LONGEST = new LogId("long.Name_".repeat(25).substring(1), new UUID(7, 7), 12345);

    @Test
    @Verifies("ENGINE-14")
    void closedLogIsListed() {
        append(batches(0, 1));

        log.close();

        assertThat(engine.logs()).containsExactly(StorageRig.ID);
        rig.restart();
        assertThat(rig.engine().logs()).containsExactly(StorageRig.ID);
    }

    @Test
    @Verifies("ENGINE-14")
    void emptiedLogWithAStartIsListed() {
        append(batches(0, 5));
        Stages.await(log.advanceStart(5 * RECORDS));

        assertThat(engine.logs()).containsExactly(StorageRig.ID);
        rig.restart();
        assertThat(rig.engine().logs()).containsExactly(StorageRig.ID);
    }

    @Test
    @Verifies("ENGINE-14")
    void logWithAStartOnlyIsListed() {
        Stages.await(log.advanceStart(42));

        assertThat(engine.logs()).containsExactly(StorageRig.ID);
        rig.restart();
        assertThat(rig.engine().logs()).containsExactly(StorageRig.ID);
    }

    @Test
    @Verifies("ENGINE-14")
    void logWithANoteOnlyIsListed() {
        Stages.await(engine.checkpoints(StorageRig.ID).save(new Checkpoint("notes", 0, ByteBuffer.allocate(1))));

        assertThat(engine.logs()).containsExactly(StorageRig.ID);
        rig.restart();
        assertThat(rig.engine().logs()).containsExactly(StorageRig.ID);
    }

    @Test
    @Verifies("ENGINE-14")
    void deletedLogIsNotListed() {
        append(batches(0, 1));

        Stages.await(engine.delete(StorageRig.ID));

        assertThat(engine.logs()).isEmpty();
        rig.restart();
        assertThat(rig.engine().logs()).isEmpty();
    }

    @Test
    void longestNameIsKept() {
        log = rig.open(LONGEST, SMALL);
        var appended = append(batches(0, 20));
        commit();
        var note = new Checkpoint("notes", 3, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Stages.await(engine.checkpoints(LONGEST).save(note));
        Stages.await(log.advanceStart(RECORDS));

        rig.restart();

        engine = rig.engine();
        assertThat(engine.logs()).contains(LONGEST);
        log = rig.open(LONGEST, SMALL);
        assertThat(readFrom(RECORDS)).isEqualTo(appended.subList(1, 20));
        assertThat(Stages.await(engine.checkpoints(LONGEST).latest("notes", 3)))
                .hasValueSatisfying(found -> assertThat(found.bytes()).isEqualTo(note.bytes()));
    }

    @Test
    @Verifies({"ENGINE-11", "ENGINE-13"})
    void longestNameIsGivenAgain() {
        rig.open(LONGEST, SMALL).append(List.of(batches(0, 1).get(0).toBatch()));
        rig.restart();
        engine = rig.engine();
        var again = new LogId(LONGEST.topic(), new UUID(8, 8), LONGEST.partition());

        log = rig.open(again, SMALL);
        assertThat(log.offsets().end()).isZero();
        append(batches(0, 2));
        Stages.await(engine.delete(again));

        assertThat(engine.logs()).doesNotContain(again);
        assertThat(rig.open(again, SMALL).offsets().end()).isZero();
    }
}
