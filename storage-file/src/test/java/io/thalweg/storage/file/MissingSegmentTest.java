package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static io.thalweg.storage.file.Fixture.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments that were durable, and are gone, or are not what they were. */
final class MissingSegmentTest {

    private static final String FIRST = "00000000000000000000";
    private static final String SECOND = "00000000000000000010";
    private static final String THIRD = "00000000000000000020";
    private static final List<String> SUFFIXES = List.of(".log", ".index", ".timeindex");

    @TempDir
    private Path directory;

    /** Three segments: ten batches, ten batches, and three in the active one. */
    @BeforeEach
    void stopCleanly() {
        try (var fixture = open()) {
            fixture.append(0, 23);
        }
    }

    private Fixture open() {
        return new Fixture(directory, new TestDisk());
    }

    /** As after a stop, or as after a crash. */
    private void leave(boolean isClean) throws IOException {
        if (!isClean) {
            Files.delete(directory.resolve(".kafka_cleanshutdown"));
        }
    }

    private void remove(String segment) throws IOException {
        for (var suffix : SUFFIXES) {
            Files.delete(file(directory, segment + suffix));
        }
    }

    private void rename(String from, String to) throws IOException {
        for (var suffix : SUFFIXES) {
            Files.move(file(directory, from + suffix), file(directory, to + suffix));
        }
    }

    private Map<String, Long> logFiles() throws IOException {
        var sizes = new TreeMap<String, Long>();
        try (var files = Files.list(Fixture.logDirectory(directory))) {
            for (var path :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                sizes.put(path.getFileName().toString(), Files.size(path));
            }
        }
        return sizes;
    }

    /** Refused with these words, and nothing was touched. */
    private void assertReported(String... words) throws IOException {
        var before = logFiles();

        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContainingAll("orders-3")
                .hasMessageContainingAll(words);

        assertThat(logFiles()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void segmentMissingBetweenOthersIsReported(boolean isClean) throws IOException {
        leave(isClean);
        remove(SECOND);

        assertReported("from 10 up to 20", SECOND + ".log is missing");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void missingFirstSegmentIsReported(boolean isClean) throws IOException {
        leave(isClean);
        remove(FIRST);

        assertReported("from 0 up to 10");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void missingLastSegmentIsReported(boolean isClean) throws IOException {
        leave(isClean);
        remove(THIRD);

        assertReported("ends at offset 20", "below 23 were durable");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logWithoutAnySegmentIsReported(boolean isClean) throws IOException {
        leave(isClean);
        remove(FIRST);
        remove(SECOND);
        remove(THIRD);

        assertReported("from 0 up to 10");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void renamedSegmentIsReported(boolean isClean) throws IOException {
        leave(isClean);
        rename(SECOND, "00000000000000000012");

        assertReported("from 10 up to 20", SECOND + ".log is missing");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void segmentAmongOthersThatIsNoneOfThemIsReported(boolean isClean) throws IOException {
        leave(isClean);
        Files.copy(file(directory, SECOND + ".log"), file(directory, "00000000000000000015.log"));

        assertReported("from 10 up to 20", "00000000000000000015.log does not belong there");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void segmentThatLostWholeBatchesIsReported(boolean isClean) throws IOException {
        leave(isClean);
        try (var channel = FileChannel.open(file(directory, FIRST + ".log"), StandardOpenOption.WRITE)) {
            channel.truncate(900);
        }

        assertReported("900 bytes", "durable with 1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesBehindAClosedSegmentAreNoPartOfIt(boolean isClean) throws IOException {
        leave(isClean);
        var refused = batches(10, 11).get(0).toBatch().bytes();
        try (var channel = FileChannel.open(file(directory, FIRST + ".log"), StandardOpenOption.APPEND)) {
            channel.write(refused);
        }

        try (var fixture = open()) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 23));
        }
    }

    @Test
    void exchangedSegmentsAreReportedByReadsThere() throws IOException {
        rename(FIRST, "00000000000000000099");
        rename(SECOND, FIRST);
        rename("00000000000000000099", SECOND);

        try (var fixture = open()) {
            for (var offset : List.of(0L, 9L, 10L, 19L)) {
                assertThatThrownBy(() -> Fixture.await(fixture.log.read(offset, 23, 100)))
                        .isInstanceOf(StorageException.Corrupt.class);
            }
            assertThatThrownBy(() -> Fixture.await(fixture.log.find(500))).isInstanceOf(StorageException.Corrupt.class);
            assertThat(Fixture.await(fixture.log.read(20, 23, 1000)).sizeInBytes())
                    .isEqualTo(300);
        }
    }

    @Test
    void exchangedFilesBesideTheirIndexesAreReportedByReadsThere() throws IOException {
        Files.move(file(directory, FIRST + ".log"), directory.resolve("aside"));
        Files.move(file(directory, SECOND + ".log"), file(directory, FIRST + ".log"));
        Files.move(directory.resolve("aside"), file(directory, SECOND + ".log"));

        try (var fixture = open()) {
            for (var offset : List.of(0L, 9L, 10L, 19L)) {
                assertThatThrownBy(() -> Fixture.await(fixture.log.read(offset, 23, 100)))
                        .isInstanceOf(StorageException.Corrupt.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void activeSegmentThatIsAnotherIsReported(boolean isClean) throws IOException {
        leave(isClean);
        Files.copy(file(directory, THIRD + ".log"), directory.resolve("aside"));
        try (var channel = FileChannel.open(directory.resolve("aside"), StandardOpenOption.WRITE)) {
            var bytes = Files.readAllBytes(file(directory, FIRST + ".log"));
            channel.write(ByteBuffer.wrap(bytes, 0, 300));
        }
        Files.delete(file(directory, THIRD + ".log"));
        Files.move(directory.resolve("aside"), file(directory, THIRD + ".log"));

        assertReported("base offset 0", "expected 20");
    }

    /** No CRC covers it. */
    @Test
    void baseOffsetThatReachesIntoTheNextBatchIsReportedByReadsThere() throws IOException {
        try (var channel = FileChannel.open(file(directory, FIRST + ".log"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {7}), 3 * Fixture.BATCH_BYTES + 7);
        }

        try (var fixture = open()) {
            assertThat(Fixture.await(fixture.log.read(0, 23, 1000)).sizeInBytes())
                    .isEqualTo(300);
            assertThatThrownBy(() -> Fixture.await(fixture.log.read(3, 23, 1000)))
                    .isInstanceOf(StorageException.Corrupt.class);
        }
    }

    @Test
    void segmentsBelowTheStartAreNotMissed() throws IOException {
        try (var fixture = open()) {
            Fixture.await(fixture.log.advanceStart(15));
        }
        try (var fixture = open()) {
            assertThat(fixture.log.offsets().start()).isEqualTo(15);
        }

        remove(SECOND);

        assertReported("from 15");
    }

    /** In a compacted log gaps within segments and between them are nothing unusual. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void compactedSegmentsAreMissedAsWell(boolean isClean) throws IOException {
        compact();
        leave(isClean);
        try (var fixture = open()) {
            assertThat(fixture.readAll().stream().map(batch -> batch.baseOffset()))
                    .containsExactly(4L, 15L, 20L, 21L, 22L);
        }
        remove(SECOND);

        assertReported("from 10 up to 20");
    }

    /** What the manifest proves durable needs no recovery point: gaps between segments are taken for lost ends only above both. */
    @Test
    void lostRecoveryPointsTakeNothingOfACompactedLog() throws IOException {
        compact();
        leave(false);
        Files.delete(directory.resolve("recovery-point-offset-checkpoint"));

        try (var fixture = open()) {
            assertThat(fixture.readAll().stream().map(batch -> batch.baseOffset()))
                    .containsExactly(4L, 15L, 20L, 21L, 22L);
        }
    }

    @Test
    void lostRecoveryPointsDoNotLetDamageBeCutThatTheManifestProvesDurable() throws IOException {
        leave(false);
        Files.delete(directory.resolve("recovery-point-offset-checkpoint"));
        try (var channel = FileChannel.open(file(directory, SECOND + ".log"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 250);
        }

        assertReported("below 20 were durable");
    }

    /** As OPERATIONS says: the manifest is deleted, the recovery points stay. */
    @Test
    void withoutTheManifestTheRestOfACompactedLogIsTakenAsItIs() throws IOException {
        compact();
        leave(false);
        remove(SECOND);
        assertReported("from 10 up to 20");
        Files.delete(directory.resolve(SegmentManifest.FILE_NAME));

        try (var fixture = open()) {
            assertThat(fixture.readAll().stream().map(batch -> batch.baseOffset()))
                    .containsExactly(4L, 20L, 21L, 22L);
        }
    }

    private void compact() {
        try (var fixture = open()) {
            var log = (SegmentedLog) fixture.log;
            for (var base : List.of(0L, 10L)) {
                try (var replacement = log.replace(base, base + 10)) {
                    var kept = base == 0 ? 4L : 15L;
                    Fixture.await(replacement.append(
                            List.of(batches(kept, kept + 1).get(0).toBatch())));
                    Fixture.await(replacement.finish());
                }
            }
        }
    }

    /** Nothing is known of what another program has written; from its first stop on it is ours. */
    @Test
    void logThatIsNotKnownIsTakenAsItIsAndMissedFromThenOn() throws IOException {
        Files.delete(directory.resolve(SegmentManifest.FILE_NAME));
        remove(FIRST);
        try (var fixture = open()) {
            assertThat(fixture.log.offsets().start()).isEqualTo(10);
            assertThat(fixture.readAll()).isEqualTo(batches(10, 23));
        }

        remove(SECOND);

        assertReported("from 10 up to 20");
    }

    @Test
    void whatAnotherProgramHasDoneToTheSegmentsIsItsOwn() throws IOException {
        Files.writeString(directory.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":17}");
        remove(SECOND);

        try (var fixture = open()) {
            assertThat(fixture.readAll()).hasSize(13);
        }
    }

    /** The marker is gone after the first try. */
    @Test
    void whatAnotherProgramHasDoneIsItsOwnAlsoWhenTheFirstStartDies() throws IOException {
        Files.writeString(directory.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":17}");
        remove(SECOND);
        var dying = new TestDisk() {
            @Override
            public List<Path> list(Path listed) throws IOException {
                if (Files.notExists(directory.resolve(".kafka_cleanshutdown"))) {
                    throw new IOException(listed + ": Input/output error");
                }
                return super.list(listed);
            }
        };
        assertThatThrownBy(() -> new Fixture(directory, dying)).isInstanceOf(StorageException.class);

        try (var fixture = open()) {
            assertThat(fixture.readAll()).hasSize(13);
        }
    }

    @Test
    void damagedManifestIsTakenAsEmpty() throws IOException {
        var manifest = directory.resolve(SegmentManifest.FILE_NAME);
        Files.writeString(manifest, Files.readString(manifest).replace("1000", "2000"));

        try (var fixture = open()) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 23));
        }

        remove(SECOND);
        assertReported("from 10 up to 20");
    }
}
