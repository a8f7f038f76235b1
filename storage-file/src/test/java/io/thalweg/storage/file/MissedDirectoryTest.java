package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static io.thalweg.storage.file.Fixture.await;
import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.runtime.RealRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two log directories comes back empty, not at all, or elsewhere. The first log lies in the first one, the second in the other. */
final class MissedDirectoryTest {

    private static final UUID TOPIC_ID = new UUID(4, 2);

    @TempDir
    private Path root;

    private Path first;
    private Path second;

    private final RealRuntime runtime = new RealRuntime();
    private @Nullable PlacedEngine opened;

    @BeforeEach
    void fillBoth() {
        first = root.resolve("first");
        second = root.resolve("second");
        var engine = open(ConfigValues.empty(), first, second);
        for (var partition = 0; partition < 2; partition++) {
            var log = await(engine.open(id(partition), SMALL));
            batches(0, 3).forEach(batch -> log.append(List.of(batch.toBatch())));
            await(engine.commit(List.of(log)));
        }
        engine.close();
        assertThat(second.resolve("orders-1")).isDirectory();
    }

    @AfterEach
    void close() {
        close(opened);
        runtime.close();
    }

    private static void close(@Nullable PlacedEngine engine) {
        if (engine != null) {
            engine.close();
        }
    }

    /** Closes what is open, and opens these. */
    private PlacedEngine open(ConfigValues config, Path one, Path... more) {
        close(opened);
        var context = new StorageContext(config, runtime, runtime, runtime, new Random());
        var engine = (PlacedEngine) FileStorage.at(one, more).open(context);
        opened = engine;
        return engine;
    }

    private PlacedEngine opened() {
        return Objects.requireNonNull(opened, "opened");
    }

    private static LogId id(int partition) {
        return new LogId("orders", TOPIC_ID, partition);
    }

    private static void empty(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var path : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static long end(PlacedEngine engine, int partition) {
        return await(engine.open(id(partition), SMALL)).offsets().end();
    }

    private void assertSecondIsMissed(PlacedEngine engine) {
        assertThat(end(engine, 0)).isEqualTo(3);
        assertThatThrownBy(() -> end(engine, 1))
                .isInstanceOf(StorageException.Offline.class)
                .hasMessageContaining("orders-1")
                .hasMessageContaining(second.toString());
    }

    @Test
    void directoryThatComesBackEmptyIsOffline() throws IOException {
        empty(second);

        var engine = open(ConfigValues.empty(), first, second);

        assertSecondIsMissed(engine);
        assertThat(await(engine.directories()))
                .extracting(DirectoryImage::path, DirectoryImage::isOnline)
                .containsExactly(tuple(first, true), tuple(second, false));
        assertThat(second.resolve("orders-1")).doesNotExist();
    }

    @Test
    void directoryThatIsNotThereIsOffline() throws IOException {
        empty(second);
        Files.delete(second);

        assertSecondIsMissed(open(ConfigValues.empty(), first, second));
    }

    @Test
    void directoryThatIsLeftOutOfTheSettingsIsMissed() {
        var engine = open(ConfigValues.empty(), first);

        assertSecondIsMissed(engine);
        engine.announce(id(2));
        assertThat(end(engine, 2)).isZero();
    }

    @Test
    void directoryThatHasAnotherInItsPlaceIsMissed() throws IOException {
        empty(second);
        open(ConfigValues.empty(), second).close();

        assertSecondIsMissed(open(ConfigValues.empty(), first, second));
    }

    @Test
    void directoryThatCameBackIsWhatItWas() throws IOException {
        var elsewhere = root.resolve("elsewhere");
        Files.move(second, elsewhere);
        assertSecondIsMissed(open(ConfigValues.empty(), first, second));
        opened().close();
        empty(second);
        Files.delete(second);
        Files.move(elsewhere, second);

        assertThat(end(open(ConfigValues.empty(), first, second), 1)).isEqualTo(3);
    }

    @Test
    void directoryMayHaveAnotherPath() throws IOException {
        var elsewhere = root.resolve("elsewhere");
        Files.move(second, elsewhere);

        assertThat(end(open(ConfigValues.empty(), first, elsewhere), 1)).isEqualTo(3);
        assertThat(end(open(ConfigValues.empty(), elsewhere, first), 0)).isEqualTo(3);
    }

    @Test
    void logsOfADirectoryThatIsGivenUpBeginAnew() throws IOException {
        empty(second);
        var forget = ConfigValues.empty().with(FileStorage.LOG_DIRS_FORGET.name(), second.toString());

        assertThat(end(open(forget, first, second), 1)).isZero();
        assertThat(end(open(ConfigValues.empty(), first, second), 1)).isZero();
    }

    @Test
    void directoryThatVanishesWhileItIsUsedGoesOffline() throws IOException {
        var often = ConfigValues.empty().with(FileStorage.CHECKPOINT_INTERVAL.name(), "5");
        var engine = open(often, first, second);

        Files.move(second, root.resolve("elsewhere"));

        Awaitility.await().until(() -> !await(engine.directories()).get(1).isOnline());
        var log = await(engine.open(id(0), SMALL));
        log.append(List.of(batches(3, 4).get(0).toBatch()));
        await(engine.commit(List.of(log)));
        assertThat(log.offsets().durable()).isEqualTo(4);
    }
}
