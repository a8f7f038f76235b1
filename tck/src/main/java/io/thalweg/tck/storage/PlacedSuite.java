package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which directory a log lies in. What comes of a directory that fails depends on how one does, and is the engine's own to test. */
abstract class PlacedSuite extends StorageSuite {

    private static final LogId OTHER = StorageRig.id("returns", 0);

    @BeforeEach
    final void needsDirectories() {
        assumeTrue(
                rig.can(StorageAbility.DIRECTORIES),
                "the engine does not declare " + StorageAbility.DIRECTORIES + " and is not tested for it");
    }

    private PlacedEngine placed() {
        assertThat(engine).isInstanceOf(PlacedEngine.class);
        return (PlacedEngine) engine;
    }

    private List<DirectoryImage> directories() {
        return Stages.await(placed().directories());
    }

    private List<DirectoryImage> directoriesOf(LogId id) {
        return directories().stream()
                .filter(each -> each.logs().stream().anyMatch(held -> held.id().equals(id)))
                .toList();
    }

    @Test
    @Verifies("OWNER-1")
    void directoriesKeepTheirIds() {
        var ids = placed().directoryIds();

        restart();

        assertThat(placed().directoryIds()).isNotEmpty().containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    @Verifies("OWNER-2")
    void noTwoDirectoriesHaveTheSameId() {
        assertThat(placed().directoryIds())
                .doesNotHaveDuplicates()
                .doesNotContain(new UUID(0, 0))
                .hasSameSizeAs(directories());
    }

    @Test
    @Verifies("OWNER-5")
    void directoriesSayOfWhichClusterTheyAre() {
        assertThat(placed().clusterIds()).isEmpty();
        placed().noteCluster("first");
        assertThat(placed().clusterIds()).containsExactly("first");

        restart();
        placed().noteCluster("second");

        assertThat(placed().clusterIds()).containsExactly("first");
    }

    @Test
    @Verifies("PLACED-1")
    void eachLogLiesInOneDirectory() {
        append(batches(0, 2));
        rig.open(OTHER, SMALL);

        assertThat(directoriesOf(StorageRig.ID)).hasSize(1);
        assertThat(directoriesOf(OTHER)).hasSize(1);
    }

    @Test
    @Verifies("PLACED-2")
    void logIsFoundInTheDirectoryItWasIn() {
        append(batches(0, 2));
        commit();
        var before = directoriesOf(StorageRig.ID).get(0).path();

        restart();

        assertThat(directoriesOf(StorageRig.ID))
                .extracting(DirectoryImage::path)
                .containsExactly(before);
    }

    @Test
    @Verifies("PLACED-5")
    void directoriesTellTheirRoomAndTheSizesOfTheirLogs() {
        append(batches(0, 20));

        assertThat(directories()).isNotEmpty().allSatisfy(directory -> {
            assertThat(directory.isOnline()).isTrue();
            assertThat(directory.path()).isAbsolute();
            assertThat(directory.usableBytes()).isBetween(-1L, directory.totalBytes());
        });
        assertThat(directoriesOf(StorageRig.ID).get(0).logs())
                .containsExactly(new DirectoryImage.Held(StorageRig.ID, 20L * BATCH_BYTES, 0, false));
    }

    @Test
    @Verifies("PLACED-5")
    void logThatIsDeletedIsNotShown() {
        append(batches(0, 2));
        commit();

        Stages.await(engine.delete(StorageRig.ID));

        assertThat(directoriesOf(StorageRig.ID)).isEmpty();
    }

    /** A directory that the log does not lie in. */
    private Path elsewhere() {
        var here = directoriesOf(StorageRig.ID).get(0).path();
        return directories().stream()
                .map(DirectoryImage::path)
                .filter(path -> !path.equals(here))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the engine has one directory: give the suite two"));
    }

    private PlacedEngine.Move copiedTo(Path directory) {
        var move = placed().move(StorageRig.ID, directory, 0);
        Stages.await(move.copied());
        return move;
    }

    @Test
    @Verifies("PLACED-6")
    void logDoesNotMoveToWhereItIsOrToNoDirectory() {
        append(batches(0, 2));
        var here = directoriesOf(StorageRig.ID).get(0).path();

        assertThatThrownBy(() -> placed().move(StorageRig.ID, here, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> placed().move(StorageRig.ID, here.resolve("none"), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Verifies("PLACED-7")
    void movedLogIsInTheOtherDirectoryWithAllThatCameMeanwhile() {
        var all = new ArrayList<>(append(batches(0, 40)));
        Stages.await(log.advanceStart(all.get(5).baseOffset()));
        Stages.await(engine.checkpoints(StorageRig.ID).save(new Checkpoint("note", 3, ByteBuffer.allocate(2))));
        var there = elsewhere();
        var move = copiedTo(there);
        all.addAll(append(batches(40L * RECORDS, 20)));
        commit();

        Stages.await(move.finish());

        log = rig.open(StorageRig.ID, SMALL);
        assertThat(directoriesOf(StorageRig.ID))
                .extracting(DirectoryImage::path)
                .containsExactly(there);
        assertThat(readFrom(log.offsets().start())).isEqualTo(all.subList(5, 60));
        assertThat(Stages.await(engine.checkpoints(StorageRig.ID).latest("note", 100)))
                .isPresent();
        all.addAll(append(batches(60L * RECORDS, 5)));
        commit();
        restart();
        assertThat(readFrom(log.offsets().start())).isEqualTo(all.subList(5, 65));
        assertThat(directoriesOf(StorageRig.ID))
                .extracting(DirectoryImage::path)
                .containsExactly(there);
    }

    @Test
    @Verifies("PLACED-8")
    void crashWhileTheLogIsCopiedLeavesOne() {
        assumeTrue(rig.can(StorageAbility.SURVIVES_CRASH), "the engine does not declare SURVIVES_CRASH");
        var all = append(batches(0, 40));
        commit();
        copiedTo(elsewhere());

        rig.crash();

        adopt(rig);
        assertThat(engine.logs()).containsExactly(StorageRig.ID);
        assertThat(readFrom(0)).isEqualTo(all);
    }

    @Test
    @Verifies("PLACED-8")
    void crashAfterAMoveFindsTheLogInTheOtherDirectory() {
        assumeTrue(rig.can(StorageAbility.SURVIVES_CRASH), "the engine does not declare SURVIVES_CRASH");
        var all = append(batches(0, 40));
        commit();
        Stages.await(copiedTo(elsewhere()).finish());

        rig.crash();

        adopt(rig);
        assertThat(engine.logs()).containsExactly(StorageRig.ID);
        assertThat(readFrom(0)).isEqualTo(all);
    }

    @Test
    @Verifies("PLACED-9")
    void moveThatIsClosedLeavesTheLogWhereItIs() {
        var all = new ArrayList<>(append(batches(0, 40)));
        var here = directoriesOf(StorageRig.ID).get(0).path();

        copiedTo(elsewhere()).close();

        all.addAll(append(batches(40L * RECORDS, 5)));
        commit();
        restart();
        assertThat(directoriesOf(StorageRig.ID))
                .extracting(DirectoryImage::path)
                .containsExactly(here);
        assertThat(readFrom(0)).isEqualTo(all);
    }
}
