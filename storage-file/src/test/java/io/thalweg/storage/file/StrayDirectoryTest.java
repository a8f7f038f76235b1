package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic was deleted and made again while a directory of the old one was left, as a crash in the deletion may leave it. */
final class StrayDirectoryTest {

    private static final LogId NEW = new LogId("orders", new UUID(7, 8), 3);
    private static final String STRAY = "orders-3.0102030405060708090a0b0c0d0e0f10-stray";

    @TempDir
    private Path root;

    private Path directory;

    @BeforeEach
    void crash() throws IOException {
        directory = root.resolve("crashed");
        try (var fixture = new Fixture(root.resolve("original"), new TestDisk())) {
            fixture.append(0, 13);
            fixture.commit();
            Fixture.await(fixture.log.advanceStart(4));
            Fixture.copyOf(root.resolve("original"), directory);
        }
    }

    private Fixture open(LogId id) {
        var storage = FileStorage.at(directory).on(new TestDisk());
        return new Fixture(storage, SMALL, new SeededRuntime(new Random(1)), ConfigValues.empty(), id);
    }

    @Test
    void newTopicBeginsEmptyAndTheOldFilesStay() {
        try (var fixture = open(NEW)) {
            assertThat(fixture.log.offsets().start()).isZero();
            fixture.append(0, 2);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 2));
            assertThat(fixture.engine.logs()).containsExactly(NEW);
        }

        assertThat(directory.resolve(STRAY).resolve("00000000000000000000.log")).hasSize(1000);
    }

    @Test
    void strayNeitherShowsNorMakesAStartUnclean() {
        try (var fixture = open(NEW)) {
            fixture.append(0, 2);
        }
        assertThat(directory.resolve(".kafka_cleanshutdown")).exists();

        try (var fixture = open(NEW)) {
            assertThat(fixture.engine.logs()).containsExactly(NEW);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 2));
        }
    }

    @Test
    void secondStrayOfTheSameTopicGetsANameOfItsOwn() throws IOException {
        Files.createDirectory(directory.resolve(STRAY));

        open(NEW).close();

        assertThat(directory.resolve("orders-3.0102030405060708090a0b0c0d0e0f10.1-stray"))
                .isNotEmptyDirectory();
    }

    @Test
    void logThatIsOpenIsNotSetAside() {
        try (var fixture = open(Fixture.ID)) {
            assertThatThrownBy(() -> fixture.finish(fixture.engine.open(NEW, SMALL)))
                    .isInstanceOf(StorageException.Busy.class)
                    .hasMessageContaining("delete it first");
            assertThat(fixture.readAll()).isEqualTo(batches(4, 13));
        }
    }

    @Test
    void offsetsOfTheStrayAreNotThoseOfTheNewLog() throws IOException {
        try (var fixture = open(NEW)) {
            fixture.append(0, 1);
            fixture.finish(fixture.engine.commit(List.of(fixture.log)));
            Fixture.copyOf(directory, root.resolve("again"));
        }
        directory = root.resolve("again");

        try (var fixture = open(NEW)) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 1));
        }
    }
}
