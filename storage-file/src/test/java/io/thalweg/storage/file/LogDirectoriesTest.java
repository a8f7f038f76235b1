package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static io.thalweg.storage.file.Fixture.await;
import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.runtime.RealRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several log directories, of which one may be full or broken. */
final class LogDirectoriesTest {

    private static final UUID TOPIC_ID = new UUID(4, 2);

    @TempDir
    private Path root;

    private Path first;
    private Path second;

    private final RealRuntime runtime = new RealRuntime();
    private final SomeRoomDisk disk = new SomeRoomDisk();
    private @Nullable PlacedEngine opened;

    @BeforeEach
    void name() {
        first = root.resolve("first");
        second = root.resolve("second");
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        runtime.close();
    }

    /** A disk on which each directory has as much room as it is told, and some do not work. */
    private static final class SomeRoomDisk extends TestDisk {

        private final Map<Path, Long> room = new ConcurrentHashMap<>();
        private volatile @Nullable Path broken;
        private volatile @Nullable String undeletable;

        @Override
        public long freeBytes(Path directory) {
            return room.getOrDefault(directory, 1L << 40);
        }

        @Override
        void before(Call call, Path path) throws IOException {
            var gone = broken;
            if (gone != null && path.startsWith(gone)) {
                throw new IOException(path + ": Input/output error");
            }
            var kept = undeletable;
            if (call == Call.DELETE && kept != null && path.endsWith(kept)) {
                throw new IOException(path + ": Operation not permitted");
            }
        }
    }

    private PlacedEngine open(Path... directories) {
        if (opened != null) {
            opened.close();
        }
        var more = List.of(directories).subList(1, directories.length).toArray(Path[]::new);
        var context = new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random());
        var engine =
                (PlacedEngine) FileStorage.at(directories[0], more).on(disk).open(context);
        opened = engine;
        return engine;
    }

    private static LogId id(int partition) {
        return new LogId("orders", TOPIC_ID, partition);
    }

    private PartitionLog fill(PlacedEngine engine, int partition) {
        var log = await(engine.open(id(partition), SMALL));
        batches(0, 3).forEach(batch -> log.append(List.of(batch.toBatch())));
        await(engine.commit(List.of(log)));
        return log;
    }

    private static List<Integer> partitionsIn(PlacedEngine engine, Path directory) {
        return await(engine.directories()).stream()
                .filter(image -> image.path().equals(directory))
                .flatMap(image -> image.logs().stream())
                .map(held -> held.id().partition())
                .sorted()
                .toList();
    }

    @Test
    void newLogsGoToTheDirectoryWithFewest() {
        var engine = open(first, second);
        for (var partition = 0; partition < 4; partition++) {
            fill(engine, partition);
        }

        assertThat(partitionsIn(engine, first)).containsExactly(0, 2);
        assertThat(partitionsIn(engine, second)).containsExactly(1, 3);
        assertThat(second.resolve("orders-3")).isDirectory();
    }

    @Test
    void newLogsGoToTheDirectoryWithMuchMoreRoom() {
        disk.room.put(first, 70L << 30);
        disk.room.put(second, 100L << 30);
        var engine = open(first, second);

        fill(engine, 0);
        fill(engine, 1);

        assertThat(partitionsIn(engine, second)).containsExactly(0, 1);
    }

    @Test
    void logsAreFoundWhereTheyAre() {
        fill(open(first, second), 0);
        fill(opened(), 1);

        var engine = open(second, first);

        assertThat(engine.logs()).containsExactlyInAnyOrder(id(0), id(1));
        for (var partition = 0; partition < 2; partition++) {
            assertThat(await(engine.open(id(partition), SMALL)).offsets().end()).isEqualTo(3);
        }
        assertThat(partitionsIn(engine, first)).containsExactly(0);
    }

    private PlacedEngine opened() {
        return Objects.requireNonNull(opened, "opened");
    }

    @Test
    void directoryThatDoesNotOpenTakesItsLogsOfflineOnly() throws IOException {
        fill(open(first, second), 0);
        fill(opened(), 1);
        opened().close();
        disk.broken = second;

        var engine = open(first, second);

        assertThat(await(engine.open(id(0), SMALL)).offsets().end()).isEqualTo(3);
        assertThatThrownBy(() -> await(engine.open(id(1), SMALL)))
                .isInstanceOf(StorageException.Offline.class)
                .hasMessageContaining("orders-1")
                .hasMessageContaining(second.toString());
        assertThatThrownBy(() -> await(engine.checkpoints(id(1)).latest("note", 9)))
                .isInstanceOf(StorageException.Offline.class);
        assertThat(await(engine.directories()))
                .extracting(DirectoryImage::path, DirectoryImage::isOnline)
                .containsExactly(tuple(first, true), tuple(second, false));
    }

    @Test
    void newLogIsCreatedWhereThereIsADirectoryThatWorks() {
        disk.broken = first;
        var engine = open(first, second);
        engine.announce(id(5));

        fill(engine, 5);

        assertThat(partitionsIn(engine, second)).containsExactly(5);
    }

    @Test
    void noDirectoryThatWorksIsAnError() {
        disk.broken = root;

        assertThatThrownBy(() -> open(first, second))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(first.toString());
    }

    @Test
    void failedSyncTakesTheLogsOfItsDirectoryOfflineAndNoOthers() {
        var engine = open(first, second);
        var lost = fill(engine, 0);
        var sound = fill(engine, 1);
        assertThat(engine.failedDirectoryIds()).isEmpty();
        List.of(lost, sound)
                .forEach(log -> log.append(List.of(batches(3, 4).get(0).toBatch())));
        disk.broken = first;

        assertThatThrownBy(() -> await(engine.commit(List.of(lost, sound))))
                .isInstanceOf(StorageException.Offline.class)
                .hasMessageContaining(first.toString());

        assertThat(engine.failedDirectoryIds())
                .containsExactly(engine.directoryIds().get(0));
        await(engine.commit(List.of(sound)));
        sound.append(List.of(batches(4, 5).get(0).toBatch()));
        await(engine.commit(List.of(sound)));
        assertThat(sound.offsets().durable()).isEqualTo(5);
        assertThatThrownBy(() -> await(engine.commit(List.of(lost)))).isInstanceOf(StorageException.Offline.class);
        assertThatThrownBy(() -> lost.append(List.of(batches(4, 5).get(0).toBatch())))
                .isInstanceOf(StorageException.Offline.class);
        assertThatThrownBy(() -> await(engine.open(id(0), SMALL)))
                .as("a log that is open still")
                .isInstanceOf(StorageException.Offline.class);
        var next = id(9);
        engine.announce(next);
        fill(engine, 9);
        assertThat(partitionsIn(engine, second)).containsExactly(1, 9);
        assertThat(await(engine.directories()).get(0).isOnline()).isFalse();
    }

    @Test
    void logInTwoDirectoriesIsAnError() throws IOException {
        fill(open(first, second), 0);
        opened().close();
        Fixture.copyOf(first.resolve("orders-0"), second.resolve("orders-0"));

        assertThatThrownBy(() -> open(first, second))
                .isInstanceOf(StorageException.Offline.class)
                .hasMessageContaining("orders-0")
                .hasMessageContaining(first.toString())
                .hasMessageContaining(second.toString());
        // Nothing stays locked.
        assertThat(open(first).logs()).containsExactly(id(0));
    }

    /** What the deletion has left would be the log as well after a restart. */
    @Test
    void logThatIsMadeAnewAfterAFailedDeletionIsInOneDirectory() throws IOException {
        var alone = open(first);
        fill(alone, 0);
        fill(alone, 1);
        var engine = open(first, second);
        disk.broken = first.resolve("orders-0");
        assertThatThrownBy(() -> await(engine.delete(id(0)))).isInstanceOf(StorageException.class);
        disk.broken = null;

        fill(engine, 0);

        assertThat(open(first, second).logs()).containsExactly(id(0), id(1));
        assertThat(await(opened().open(id(0), SMALL)).offsets().end()).isEqualTo(3);
    }

    @Test
    void logThatIsMadeAnewWhileItsDirectoryIsOfflineCountsThere() throws IOException {
        var engine = open(first, second);
        var log = fill(engine, 0);
        batches(3, 9).forEach(batch -> log.append(List.of(batch.toBatch())));
        disk.broken = first;
        assertThatThrownBy(() -> await(engine.commit(List.of(log)))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> await(engine.delete(id(0)))).isInstanceOf(StorageException.class);

        fill(engine, 0);

        disk.broken = null;
        assertThat(open(first, second).logs()).containsExactly(id(0));
        assertThat(partitionsIn(opened(), second)).containsExactly(0);
        assertThat(await(opened().open(id(0), SMALL)).offsets().end()).isEqualTo(3);
    }

    @Test
    void filesThatCannotBeRemovedAreOfNoLogAnyMore() {
        var engine = open(first);
        fill(engine, 0);
        fill(engine, 1);
        disk.undeletable = "00000000000000000000.log";

        await(engine.delete(id(0)));

        assertThat(open(first).logs()).containsExactly(id(1));
    }

    @Test
    void copyOfADirectoryIsAnError() throws IOException {
        open(first, second).close();
        Files.copy(first.resolve("directory-id"), second.resolve("directory-id"), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> open(first, second))
                .isInstanceOf(StorageException.Offline.class)
                .hasMessageContaining("directory-id")
                .hasMessageContaining(second.toString());
    }

    @Test
    void directoryThatIsListedTwiceIsAnError() {
        assertThatThrownBy(() -> open(first, root.resolve("other/../first")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("log.dirs");
    }

    @Test
    void directoryOfAnotherBrokerIsAnErrorAndNotABrokenOne() {
        var other = open(second);
        opened = null;

        assertThatThrownBy(() -> open(first, second))
                .isInstanceOf(StorageException.Fenced.class)
                .hasMessageContaining(second.toString());
        other.close();
        assertThat(open(first, second).directoryIds()).hasSize(2);
    }

    @Test
    void whatAnEarlierTopicOfTheNameLeftIsSetAsideWhereItIs() {
        fill(open(first, second), 0);
        var again = new LogId("orders", new UUID(7, 7), 0);

        var engine = open(first, second);
        var log = await(engine.open(again, SMALL));

        log.append(List.of(batches(0, 1).get(0).toBatch()));
        assertThat(engine.logs()).containsExactly(again);
        assertThat(first.resolve("orders-0")).isDirectory();
        assertThat(second.resolve("orders-0")).doesNotExist();
    }

    @Test
    void checkpointsLieBesideTheirLog() {
        var engine = open(first, second);
        var notes = new ArrayList<Path>();
        for (var partition = 0; partition < 2; partition++) {
            await(engine.checkpoints(id(partition)).save(new Checkpoint("note", 0, ByteBuffer.allocate(4))));
            fill(engine, partition);
            notes.add((partition == 0 ? first : second).resolve("orders-" + partition + "/00000000000000000000.note"));
        }

        assertThat(notes).allSatisfy(note -> assertThat(note).exists());
    }
}
