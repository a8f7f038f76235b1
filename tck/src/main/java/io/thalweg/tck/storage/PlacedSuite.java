package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.tck.Verifies;
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
}
