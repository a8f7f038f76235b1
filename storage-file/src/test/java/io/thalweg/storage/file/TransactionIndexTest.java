package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.await;
import static io.thalweg.storage.file.Fixture.batches;
import static io.thalweg.storage.file.Fixture.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of aborted transactions: one checkpoint for the core, a file for each segment as Kafka has it. */
final class TransactionIndexTest {

    private static final int ENTRY_BYTES = 34;
    private static final String FIRST = "00000000000000000000.txnindex";
    private static final String SECOND = "00000000000000000010.txnindex";
    private static final String THIRD = "00000000000000000020.txnindex";

    @TempDir
    private Path directory;

    private Fixture open() {
        return new Fixture(directory, new TestDisk());
    }

    private static ByteBuffer entries(long... markers) {
        var entries = ByteBuffer.allocate(markers.length * ENTRY_BYTES);
        for (var marker : markers) {
            entries.putShort((short) 0)
                    .putLong(7)
                    .putLong(marker - 1)
                    .putLong(marker)
                    .putLong(marker + 1);
        }
        return entries.flip();
    }

    private static void save(Fixture fixture, long... markers) {
        await(checkpoints(fixture).save(new Checkpoint("txnindex", 23, entries(markers))));
    }

    private static Checkpoints checkpoints(Fixture fixture) {
        return fixture.engine.checkpoints(Fixture.ID);
    }

    private static List<Long> markers(Fixture fixture) {
        var found = new ArrayList<Long>();
        await(checkpoints(fixture).latest("txnindex", 23)).ifPresent(note -> {
            for (var at = 18; at < note.bytes().remaining(); at += ENTRY_BYTES) {
                found.add(note.bytes().getLong(at));
            }
        });
        return found;
    }

    private void assertHolds(String name, long... markers) {
        if (markers.length == 0) {
            assertThat(file(directory, name)).doesNotExist();
        } else {
            assertThat(file(directory, name)).hasBinaryContent(entries(markers).array());
        }
    }

    @Test
    void entriesLieInTheFilesOfTheSegmentsOfTheirMarkers() {
        try (var fixture = open()) {
            fixture.append(0, 23);
            save(fixture, 3, 9, 20, 22);
        }
        assertHolds(FIRST, 3, 9);
        assertHolds(SECOND);
        assertHolds(THIRD, 20, 22);

        try (var fixture = open()) {
            assertThat(markers(fixture)).containsExactly(3L, 9L, 20L, 22L);
        }
    }

    @Test
    void logWithoutAnyHasNone() {
        try (var fixture = open()) {
            fixture.append(0, 23);

            assertThat(await(checkpoints(fixture).latest("txnindex", 23))).isEmpty();
        }
    }

    @Test
    void truncationTakesWhatIsGone() {
        try (var fixture = open()) {
            fixture.append(0, 23);
            save(fixture, 3, 9, 12, 20);

            await(fixture.log.truncateTo(9));
            await(checkpoints(fixture).removeAbove(9));

            assertThat(markers(fixture)).containsExactly(3L);
            assertHolds(SECOND);
            assertHolds(THIRD);
        }
    }

    @Test
    void whatLiesBelowTheStartGoesWithItsSegments() {
        try (var fixture = open()) {
            fixture.append(0, 23);
            save(fixture, 3, 12, 20);

            await(fixture.log.advanceStart(15));

            assertThat(markers(fixture)).containsExactly(12L, 20L);
            assertHolds(FIRST);
        }
    }

    @Test
    void segmentThatTakesThePlaceOfOthersHasWhatTheyHad() throws IOException {
        try (var fixture = open()) {
            fixture.append(0, 23);
            save(fixture, 3, 12, 20);

            try (var replacement = ((SegmentedLog) fixture.log).replace(0, 20)) {
                await(replacement.append(List.of(batches(4, 5).get(0).toBatch())));
                await(replacement.finish());
            }

            assertHolds(FIRST, 3, 12);
            assertHolds(SECOND);
            assertThat(markers(fixture)).containsExactly(3L, 12L, 20L);
        }
    }

    @Test
    void saveThatComesWhileSegmentsAreReplacedFindsTheNewOne() {
        var runtime = new SeededRuntime(new Random(1));
        var saves = new ArrayList<CompletionStage<Void>>();
        var engine = new ArrayList<StorageEngine>();
        var disk = new TestDisk() {
            @Override
            void before(Call call, Path path) {
                if (call == Call.DELETE && path.endsWith("00000000000000000010.log")) {
                    var note = new Checkpoint("txnindex", 23, entries(3, 12, 20));
                    saves.add(engine.get(0).checkpoints(Fixture.ID).save(note));
                    while (runtime.runOne()) {
                        // All that does not wait for the replacement.
                    }
                }
            }
        };
        try (var fixture = new Fixture(directory, disk, Fixture.SMALL, runtime)) {
            engine.add(fixture.engine);
            fixture.append(0, 23);
            var replacement = ((SegmentedLog) fixture.log).replace(0, 20);
            fixture.finish(replacement.append(List.of(batches(4, 5).get(0).toBatch())));

            fixture.finish(replacement.finish());

            fixture.finish(saves.get(0));
            assertHolds(FIRST, 3, 12);
            assertHolds(SECOND);
            assertHolds(THIRD, 20);
        }
    }

    /** From the step on from which the new segment counts. */
    @Test
    void replacementThatACrashHasCutShortKeepsThemToo() throws IOException {
        try (var fixture = open()) {
            fixture.append(0, 23);
            save(fixture, 3, 12, 20);
        }
        Files.write(file(directory, FIRST), entries(3, 12).array());
        Files.copy(
                file(directory, "00000000000000000000.log"),
                file(directory, "00000000000000000000-00000000000000000020.swap"));
        Files.delete(directory.resolve(SegmentManifest.FILE_NAME));

        try (var fixture = open()) {
            assertThat(fixture.log.offsets().end()).isEqualTo(23);
            assertThat(markers(fixture)).containsExactly(3L, 12L, 20L);
        }
        assertHolds(SECOND);
    }

    @Test
    void fileThatIsOfNoUseIsGivenAsItIs() throws IOException {
        try (var fixture = open()) {
            fixture.append(0, 23);
            save(fixture, 3, 12);
        }
        Files.write(file(directory, SECOND), new byte[] {1, 2, 3});

        try (var fixture = open()) {
            await(checkpoints(fixture).removeAbove(23));
            assertThat(await(checkpoints(fixture).latest("txnindex", 23))
                            .orElseThrow()
                            .bytes()
                            .remaining())
                    .isEqualTo(ENTRY_BYTES + 3);
            save(fixture, 3, 12);
            assertThat(markers(fixture)).containsExactly(3L, 12L);
        }
    }
}
