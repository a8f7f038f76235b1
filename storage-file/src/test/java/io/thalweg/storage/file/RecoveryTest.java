package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.BATCH_BYTES;
import static io.thalweg.storage.file.Fixture.batches;
import static io.thalweg.storage.file.Fixture.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash, or a bad disk, may leave behind. */
final class RecoveryTest {

    private static final String FIRST = "00000000000000000000.log";
    private static final String FIRST_INDEX = "00000000000000000000.index";
    private static final String SECOND = "00000000000000000010.log";

    @TempDir
    private Path root;

    /** Left by a crash: a closed segment of ten batches and an active one of three. */
    private Path crashed;

    private int copies;

    @BeforeEach
    void crash() throws IOException {
        var directory = root.resolve("original");
        try (var fixture = new Fixture(directory, new TestDisk())) {
            fixture.append(0, 13);
            fixture.commit();
            crashed = Fixture.copyOf(directory, root.resolve("crashed"));
        }
    }

    private Path copy() throws IOException {
        return Fixture.copyOf(crashed, root.resolve("copy-" + copies++));
    }

    private static void put(Path file, long position, byte... bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), position);
        }
    }

    private static void flip(Path file, long position) throws IOException {
        var bytes = Files.readAllBytes(file);
        put(file, position, (byte) (bytes[(int) position] ^ 0x40));
    }

    private static void cut(Path file, long size) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void assertHolds(Path directory, int count) throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            assertThat(fixture.log.offsets().end()).isEqualTo(count);
            assertThat(fixture.readAll()).isEqualTo(batches(0, count));
            fixture.append(count, count + 2);
            assertThat(fixture.readAll()).isEqualTo(batches(0, count + 2));
        }
    }

    @Test
    void wholeBatchesAreKept() throws IOException {
        assertHolds(crashed, 13);
    }

    /** Left by a crash: one segment of fifty batches, of most of which the indexes were made durable. */
    private Path crashedLongAfterAnIndexPoint() throws IOException {
        var directory = root.resolve("grown");
        try (var fixture = openGrown(directory)) {
            for (var i = 0; i < 50; i++) {
                fixture.append(i, i + 1);
                fixture.commit();
            }
            return Fixture.copyOf(directory, root.resolve("grown-crashed"));
        }
    }

    private static Fixture openGrown(Path directory) {
        var config = new LogConfig(Durability.FSYNC, 1_000_000, 1_000_000, 0, 150, 4096, false);
        var settings = ConfigValues.empty().with(FileStorage.RECOVERY_BYTES.name(), "300");
        return new Fixture(FileStorage.at(directory).on(new TestDisk()), config, null, settings, Fixture.ID);
    }

    @Test
    void walkBeginsWhereTheIndexesWereDurable() throws IOException {
        var directory = crashedLongAfterAnIndexPoint();
        try (var fixture = openGrown(directory)) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 50));
            for (var offset : List.of(0L, 7L, 33L, 49L)) {
                assertThat(fixture.finish(fixture.log.find(100 * offset))).hasValue(offset);
            }
        }
    }

    @Test
    void damageBeforeTheWalkIsMetByWhoeverReadsThere() throws IOException {
        var directory = crashedLongAfterAnIndexPoint();
        flip(file(directory, FIRST), 80);

        try (var fixture = openGrown(directory)) {
            assertThat(fixture.log.offsets().end()).isEqualTo(50);
            assertThatThrownBy(fixture::readAll).isInstanceOf(StorageException.Corrupt.class);
        }
    }

    @Test
    void tornTailIsCutWhereverItEnds() throws IOException {
        for (var size = 2 * BATCH_BYTES; size < 3 * BATCH_BYTES; size++) {
            var directory = copy();
            cut(file(directory, SECOND), size);

            assertHolds(directory, 12);
        }
    }

    @Test
    void garbageInTheLastBatchIsCutWhereverItIs() throws IOException {
        for (var at = 0; at < BATCH_BYTES; at++) {
            // Kafka's format has no check over the base offset and the leader epoch.
            if ((at >= 8 && at < 12) || at >= 16) {
                var directory = copy();
                flip(file(directory, SECOND), 2L * BATCH_BYTES + at);

                assertHolds(directory, 12);
            }
        }
    }

    @Test
    void zerosAfterTheLastBatchAreCut() throws IOException {
        for (var count : new int[] {1, 16, 17, 60, 61, 100, 5000}) {
            var directory = copy();
            put(file(directory, SECOND), 3L * BATCH_BYTES, new byte[count]);

            assertHolds(directory, 13);
        }
    }

    @Test
    void lastBatchOfZerosIsCut() throws IOException {
        put(file(crashed, SECOND), 2L * BATCH_BYTES, new byte[BATCH_BYTES]);

        assertHolds(crashed, 12);
    }

    @Test
    void noiseAfterTheLastBatchIsCut() throws IOException {
        var random = new Random(3);
        for (var i = 0; i < 20; i++) {
            var directory = copy();
            var noise = new byte[1 + random.nextInt(300)];
            random.nextBytes(noise);
            put(file(directory, SECOND), 3L * BATCH_BYTES, noise);

            assertHolds(directory, 13);
        }
    }

    @Test
    void staleBatchAfterTheLastOneIsCut() throws IOException {
        var stale = batches(5, 6).get(0).bytes();
        var bytes = new byte[stale.remaining()];
        stale.duplicate().get(bytes);
        put(file(crashed, SECOND), 3L * BATCH_BYTES, bytes);

        assertHolds(crashed, 13);
    }

    @Test
    void tornClosedSegmentEndsTheLogThere() throws IOException {
        cut(file(crashed, FIRST), 7 * BATCH_BYTES + 33);

        assertHolds(crashed, 7);
        assertThat(file(crashed, SECOND)).doesNotExist();
    }

    @Test
    void emptySegmentAfterARollIsFine() throws IOException {
        Files.createFile(file(crashed, "00000000000000000013.log"));

        assertHolds(crashed, 13);
    }

    @Test
    void damageBelowTheRecoveryPointIsReportedAndNothingIsTouched() throws IOException {
        try (var fixture = new Fixture(crashed, new TestDisk())) {
            fixture.append(13, 14);
        }
        Files.delete(crashed.resolve(".kafka_cleanshutdown"));
        flip(file(crashed, SECOND), BATCH_BYTES + 70);
        var before = Files.readAllBytes(file(crashed, SECOND));

        assertThatThrownBy(() -> new Fixture(crashed, new TestDisk()))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("orders-3")
                .hasMessageContaining("offset 11")
                .hasMessageContaining("14");

        assertThat(Files.readAllBytes(file(crashed, SECOND))).isEqualTo(before);
        assertThat(crashed.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    /**
     * Its checksum does not cover where a batch begins: by one that says it begins far above, all that was durable behind it was taken for
     * lost.
     */
    @Test
    void aBatchThatSeemsToBeginFarAboveTakesNothingAway() throws IOException {
        for (var highBit : new int[] {4, 5, 6}) {
            var directory = copy();
            put(file(directory, SECOND), BATCH_BYTES + highBit, (byte) 1);
            var before = Files.readAllBytes(file(directory, SECOND));

            assertThatThrownBy(() -> new Fixture(directory, new TestDisk()))
                    .isInstanceOf(StorageException.Corrupt.class)
                    .hasMessageContaining("a batch has base offset 12");

            assertThat(Files.readAllBytes(file(directory, SECOND))).isEqualTo(before);
        }
    }

    /** Whether its bytes are wrong or where it says that it begins, which may be below, beside or far above. */
    @Test
    void damageBelowTheStartKeepsNothingAboveItFromBeingRead() throws IOException {
        try (var fixture = new Fixture(crashed, new TestDisk())) {
            fixture.append(13, 18);
            fixture.commit();
            Fixture.await(fixture.log.advanceStart(16));
            crashed = Fixture.copyOf(crashed, root.resolve("started"));
        }
        for (var damaged = 10; damaged < 16; damaged++) {
            for (var place : new int[] {70, 0, 4, 7}) {
                var directory = copy();
                flip(file(directory, SECOND), (long) (damaged - 10) * BATCH_BYTES + place);

                try (var fixture = new Fixture(directory, new TestDisk())) {
                    fixture.append(18, 19);
                    assertThat(fixture.log.offsets().start()).isEqualTo(16);
                    assertThat(fixture.readAll())
                            .as("byte %d of batch %d", place, damaged)
                            .isEqualTo(batches(16, 19));
                    assertThat(Fixture.await(fixture.log.find(0))).hasValue(16);
                }
                try (var fixture = new Fixture(directory, new TestDisk())) {
                    Fixture.await(fixture.log.truncateTo(17));
                    assertThat(fixture.readAll()).isEqualTo(batches(16, 17));
                }
            }
        }
    }

    /** As a crash leaves a replica that has just begun anew. */
    @Test
    void damageInWhatLiesBelowTheStartAsAWholeKeepsNoLogFromOpening() throws IOException {
        var disk = new TestDisk() {
            @Override
            void before(Call call, Path path) throws IOException {
                if (call == Call.DELETE && path.endsWith(SECOND)) {
                    throw new IOException(path + ": Input/output error");
                }
            }
        };
        try (var fixture = new Fixture(crashed, disk)) {
            Fixture.await(fixture.log.advanceStart(50).exceptionally(failed -> null));
            crashed = Fixture.copyOf(crashed, root.resolve("started"));
        }
        for (var highBit : new int[] {4, 5, 6, 7}) {
            var directory = copy();
            put(file(directory, SECOND), BATCH_BYTES + highBit, (byte) 12);

            try (var fixture = new Fixture(directory, new TestDisk())) {
                assertThat(fixture.log.offsets().start()).isEqualTo(50);
                fixture.append(50, 51);
                assertThat(fixture.readAll()).isEqualTo(batches(50, 51));
            }
        }
    }

    @Test
    void damageInAClosedSegmentIsFoundByTheFirstRead() throws IOException {
        try (var fixture = new Fixture(crashed, new TestDisk())) {
            assertThat(fixture.readAll()).hasSize(13);
        }
        flip(file(crashed, FIRST), 3L * BATCH_BYTES + 70);

        try (var fixture = new Fixture(crashed, new TestDisk())) {
            assertThat(Fixture.await(fixture.log.read(0, 3, 1000)).sizeInBytes())
                    .isEqualTo(300);
            assertThat(Fixture.await(fixture.log.read(0, 13, 1000)).sizeInBytes())
                    .isEqualTo(300);
            assertThatThrownBy(() -> Fixture.await(fixture.log.read(3, 13, 1000)))
                    .isInstanceOf(StorageException.Corrupt.class)
                    .hasMessageContaining(FIRST)
                    .hasMessageContaining("CRC");
            assertThat(Fixture.await(fixture.log.read(4, 100, 1000)).sizeInBytes())
                    .isPositive();
        }
    }

    @Test
    void missingIndexesAreBuiltAnew() throws IOException {
        stopCleanly();
        var before = indexes();
        for (var path : indexFiles()) {
            Files.delete(path);
        }

        stopCleanly();

        assertThat(indexes()).isEqualTo(before);
        assertHolds(crashed, 13);
    }

    @Test
    void indexesCutAnywhereAreBuiltAnewOrStillRight() throws IOException {
        stopCleanly();
        for (var path : indexFiles()) {
            for (var size = Files.size(path) - 1; size >= 0; size -= 5) {
                var directory = copy();
                cut(directory.resolve(crashed.relativize(path)), size);
                assertHolds(directory, 13);
            }
        }
    }

    @Test
    void indexesFullOfNoiseAreBuiltAnew() throws IOException {
        stopCleanly();
        var random = new Random(4);
        for (var path : indexFiles()) {
            for (var round = 0; round < 5; round++) {
                var directory = copy();
                var noise = new byte[(int) Files.size(path)];
                random.nextBytes(noise);
                put(directory.resolve(crashed.relativize(path)), 0, noise);

                assertHolds(directory, 13);
            }
        }
    }

    /** Also of the segment that is appended to: no CRC covers an index, and after a clean stop nothing is walked over. */
    @Test
    void wrongBitInAnIndexMisleadsNobody() throws IOException {
        stopCleanly();
        for (var path : indexFiles()) {
            for (var bit = 1; path.toString().endsWith(".index") && bit < 8 * Files.size(path); bit += 4) {
                var directory = copy();
                var index = directory.resolve(crashed.relativize(path));
                put(index, bit / 8, (byte) (Files.readAllBytes(index)[bit / 8] ^ 1 << bit % 8));

                try (var fixture = new Fixture(directory, new TestDisk())) {
                    for (var offset = 12; offset >= 0; offset--) {
                        var slice = Fixture.await(fixture.log.read(offset, 13, 2 * BATCH_BYTES + 50));
                        assertThat(SampleBatch.in(slice))
                                .as("bit %d of %s, read from %d", bit, path.getFileName(), offset)
                                .startsWith(Fixture.batches(offset, offset + 1).get(0))
                                .isSubsetOf(Fixture.batches(offset, 13));
                    }
                }
                try (var fixture = new Fixture(directory, new TestDisk())) {
                    // Just before the batch that the entry names.
                    var end = (path.endsWith(FIRST_INDEX) ? 0 : 10) + 2 * (bit / 64) + 1;
                    Fixture.await(fixture.log.truncateTo(end));
                    assertThat(fixture.readAll())
                            .as("bit %d of %s, cut", bit, path.getFileName())
                            .isEqualTo(Fixture.batches(0, end));
                }
            }
        }
    }

    /** No CRC covers its base offset, by which the look at a closed segment and every walk through it go. */
    @Test
    void batchWithAnotherOffsetInAClosedSegmentWithholdsItselfOnly() throws IOException {
        stopCleanly();
        for (var damaged = 0; damaged < 10; damaged++) {
            for (var wrong : new int[] {0, damaged - 1, damaged + 1, damaged + 3, damaged + 64}) {
                if (wrong >= 0 && wrong != damaged) {
                    var directory = copy();
                    put(file(directory, FIRST), (long) damaged * BATCH_BYTES + 7, (byte) wrong);
                    assertWithholdsItselfOnly(directory, damaged, wrong);
                }
            }
        }
    }

    private static void assertWithholdsItselfOnly(Path directory, int damaged, int wrong) throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            for (var offset = 12; offset >= 0; offset--) {
                for (var maxBytes = 150; maxBytes < 1000; maxBytes += 200) {
                    var found = sound(fixture, offset, maxBytes);
                    var what =
                            "batch %d says %d, %d bytes are read from %d".formatted(damaged, wrong, maxBytes, offset);
                    if (offset == damaged) {
                        assertThat(found).as(what).isEmpty();
                    } else {
                        assertThat(found)
                                .as(what)
                                .startsWith(batches(offset, offset + 1).get(0))
                                .isSubsetOf(batches(offset, 13));
                    }
                }
            }
        }
    }

    /** What is read; nothing if it is damaged. */
    private static List<SampleBatch> sound(Fixture fixture, long offset, int maxBytes) {
        try {
            return SampleBatch.in(Fixture.await(fixture.log.read(offset, 13, maxBytes)));
        } catch (StorageException.Corrupt e) {
            return List.of();
        }
    }

    /** But for the last entry's timestamp, which is taken for the greatest of the segment. */
    @Test
    void wrongBitInATimeIndexMisleadsNobody() throws IOException {
        stopCleanly();
        for (var path : indexFiles()) {
            for (var bit = 0; path.toString().endsWith(".timeindex") && bit < 8 * (Files.size(path) - 12); bit += 3) {
                var directory = copy();
                var index = directory.resolve(crashed.relativize(path));
                put(index, bit / 8, (byte) (Files.readAllBytes(index)[bit / 8] ^ 1 << bit % 8));

                try (var fixture = new Fixture(directory, new TestDisk())) {
                    for (var time = 0; time <= 1200; time += 50) {
                        assertThat(Fixture.await(fixture.log.find(time)))
                                .as("bit %d of %s, find %d", bit, path.getFileName(), time)
                                .hasValue((time + 99) / 100);
                    }
                }
            }
        }
    }

    private List<Path> indexFiles() throws IOException {
        try (var files = Files.list(Fixture.logDirectory(crashed))) {
            return files.filter(path -> path.toString().endsWith("index"))
                    .sorted()
                    .toList();
        }
    }

    private List<ByteBuffer> indexes() throws IOException {
        var contents = new ArrayList<ByteBuffer>();
        for (var path : indexFiles()) {
            contents.add(ByteBuffer.wrap(Files.readAllBytes(path)));
        }
        return contents;
    }

    private void stopCleanly() {
        new Fixture(crashed, new TestDisk()).close();
    }

    @Test
    void damagedOffsetCheckpointsAreTakenAsEmpty() throws IOException {
        stopCleanly();
        Files.writeString(crashed.resolve("recovery-point-offset-checkpoint"), "0\n7\nnonsense");
        Files.writeString(crashed.resolve("log-start-offset-checkpoint"), "");

        assertHolds(crashed, 13);
    }

    @Test
    void unfinishedFilesAreRemoved() throws IOException {
        var leftover = file(crashed, SECOND + ".cleaned");
        Files.createFile(leftover);

        assertHolds(crashed, 13);

        assertThat(leftover).doesNotExist();
    }

    @Test
    void directoryWithoutMetadataIsAdopted() throws IOException {
        Files.delete(file(crashed, "partition.metadata"));

        assertHolds(crashed, 13);

        assertThat(file(crashed, "partition.metadata")).exists();
    }

    @Test
    void startOfADeletedLogIsNotTakenForItsSuccessor() throws IOException {
        try (var fixture = new Fixture(crashed, new TestDisk())) {
            Fixture.await(fixture.log.advanceStart(9));
        }
        try (var files = Files.list(Fixture.logDirectory(crashed))) {
            for (var path : files.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(Fixture.logDirectory(crashed));

        try (var fixture = new Fixture(crashed, new TestDisk())) {
            assertThat(fixture.log.offsets().start()).isZero();
            fixture.append(0, 3);
        }
        assertHolds(crashed, 3);
    }

    @Test
    void logThatNobodyRecoveredIsRecoveredAfterACleanStopOfOthers() throws IOException {
        cut(file(crashed, SECOND), 250);
        var runtime = new RealRuntime();
        FileStorage.at(crashed)
                .on(new TestDisk())
                .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)))
                .close();

        assertThat(crashed.resolve(".kafka_cleanshutdown")).doesNotExist();
        assertHolds(crashed, 12);
    }
}
