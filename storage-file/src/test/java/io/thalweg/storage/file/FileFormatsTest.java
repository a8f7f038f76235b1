package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes on disk are those of docs/FORMATS.md. */
final class FileFormatsTest {

    private static final byte[] STATE = {1, 2, 3};

    @TempDir
    private Path directory;

    /** Two segments of ten batches, a third of three, and the start in the first. */
    @BeforeEach
    void writeALog() {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            fixture.append(0, 23);
            fixture.commit();
            Fixture.await(fixture.log.advanceStart(4));
            Fixture.await(
                    fixture.engine.checkpoints(Fixture.ID).save(new Checkpoint("state", 23, ByteBuffer.wrap(STATE))));
        }
    }

    private Path file(String name) {
        return Fixture.file(directory, name);
    }

    private static ByteBuffer bytes(Path path) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(path));
    }

    private static String[] names(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toArray(String[]::new);
        }
    }

    @Test
    void logDirectoryHoldsTheCheckpointsAndTheMarker() throws IOException {
        assertThat(names(directory))
                .containsExactly(
                        ".kafka_cleanshutdown",
                        ".lock",
                        "directory-id",
                        "log-start-offset-checkpoint",
                        "orders-3",
                        "recovery-point-offset-checkpoint",
                        "segment-manifest");
        assertThat(directory.resolve("recovery-point-offset-checkpoint")).hasContent("0\n1\norders 3 23\n");
        assertThat(directory.resolve("log-start-offset-checkpoint")).hasContent("0\n1\norders 3 4\n");
        assertThat(directory.resolve(".kafka_cleanshutdown")).hasContent("{\"version\":0,\"brokerEpoch\":-1}");
        assertThat(directory.resolve(".lock")).isEmptyFile();
    }

    @Test
    void manifestHoldsTheClosedSegments() {
        var lines = "orders 3 0 1000 10 1000 20\n";
        var crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));

        assertThat(directory.resolve("segment-manifest"))
                .hasContent("0\n" + Long.toHexString(crc.getValue()) + "\n" + lines);
    }

    @Test
    void partitionDirectoryHoldsSegmentsWithTheirIndexes() throws IOException {
        assertThat(names(Fixture.logDirectory(directory)))
                .containsExactly(
                        "00000000000000000000.index",
                        "00000000000000000000.log",
                        "00000000000000000000.timeindex",
                        "00000000000000000010.index",
                        "00000000000000000010.log",
                        "00000000000000000010.timeindex",
                        "00000000000000000020.index",
                        "00000000000000000020.log",
                        "00000000000000000020.timeindex",
                        "00000000000000000023.state",
                        "partition.metadata");
        assertThat(file("partition.metadata")).hasContent("version: 0\ntopic_id: AQIDBAUGBwgJCgsMDQ4PEA\n");
    }

    @Test
    void logIsItsBatches() throws IOException {
        var expected = ByteBuffer.allocate(1000);
        Fixture.batches(10, 20).forEach(batch -> expected.put(batch.bytes().duplicate()));

        assertThat(bytes(file("00000000000000000010.log"))).isEqualTo(expected.flip());
    }

    @Test
    void offsetIndexHasRelativeOffsetsAndPositions() throws IOException {
        var expected = ByteBuffer.allocate(32);
        for (var relative = 2; relative < 10; relative += 2) {
            expected.putInt(relative).putInt(relative * Fixture.BATCH_BYTES);
        }

        assertThat(bytes(file("00000000000000000010.index"))).isEqualTo(expected.flip());
    }

    @Test
    void timeIndexEndsWithTheGreatestTimestamp() throws IOException {
        var expected = ByteBuffer.allocate(60);
        for (var relative = 2; relative < 10; relative += 2) {
            expected.putLong(100L * (10 + relative)).putInt(relative);
        }
        expected.putLong(1900).putInt(9);

        assertThat(bytes(file("00000000000000000010.timeindex"))).isEqualTo(expected.flip());
    }

    @Test
    void checkpointIsItsBytesAfterTheirCrc() throws IOException {
        var crc = new CRC32C();
        crc.update(STATE);

        assertThat(bytes(file("00000000000000000023.state")))
                .isEqualTo(ByteBuffer.allocate(7)
                        .putInt((int) crc.getValue())
                        .put(STATE)
                        .flip());
    }

    /** As the core writes it: a version, the CRC of what follows, no producers. */
    private static ByteBuffer snapshot() {
        var crc = new CRC32C();
        crc.update(new byte[4]);
        return ByteBuffer.allocate(10)
                .putShort((short) 1)
                .putInt((int) crc.getValue())
                .putInt(0)
                .flip();
    }

    @Test
    void snapshotOfProducersIsItsBytes() throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);

            Fixture.await(checkpoints.save(new Checkpoint("snapshot", 23, snapshot())));

            assertThat(bytes(file("00000000000000000023.snapshot"))).isEqualTo(snapshot());
            assertThat(Fixture.await(checkpoints.latest("snapshot", 23)))
                    .hasValueSatisfying(found -> assertThat(found.bytes()).isEqualTo(snapshot()));
        }
    }

    /** But for the version of a snapshot, which no CRC covers and whoever reads it knows. */
    @ParameterizedTest
    @CsvSource({"snapshot, 16", "state, 0"})
    void aCheckpointWithAWrongBitIsPassedOver(String name, int firstBit) throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            Fixture.await(checkpoints.save(new Checkpoint(name, 20, snapshot())));
            Fixture.await(checkpoints.save(new Checkpoint(name, 23, snapshot())));
            var path = newestOf(name);
            var sound = Files.readAllBytes(path);
            for (var bit = firstBit; bit < 8 * sound.length; bit++) {
                var damaged = sound.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(path, damaged);

                assertThat(Fixture.await(checkpoints.latest(name, 23)))
                        .as("bit %d", bit)
                        .hasValueSatisfying(found -> assertThat(found.offset()).isEqualTo(20));
            }
        }
    }

    private Path newestOf(String name) throws IOException {
        try (var files = Files.list(Fixture.logDirectory(directory))) {
            return files.filter(path -> path.toString().contains("00000000000000000023")
                            && path.toString().contains(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void damagedSnapshotIsPassedOver() throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            Fixture.await(checkpoints.save(new Checkpoint("snapshot", 20, snapshot())));
            Fixture.await(checkpoints.save(new Checkpoint("snapshot", 23, snapshot())));
            Files.write(file("00000000000000000023.snapshot"), new byte[10]);

            assertThat(Fixture.await(checkpoints.latest("snapshot", 23)))
                    .hasValueSatisfying(found -> assertThat(found.offset()).isEqualTo(20));
        }
    }

    @Test
    void leaderEpochsAreCopiedForKafkaAndReadFromItsFileWhereThereAreNone() throws IOException {
        var text = ByteBuffer.wrap(new byte[] {'0', '\n', '0', '\n'});
        try (var fixture = new Fixture(directory, new TestDisk())) {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            Fixture.await(checkpoints.save(new Checkpoint("leader-epochs", 20, text.duplicate())));
            assertThat(bytes(file("leader-epoch-checkpoint"))).isEqualTo(text);

            Files.delete(file("00000000000000000020.leader-epochs"));

            assertThat(Fixture.await(checkpoints.latest("leader-epochs", 23)))
                    .hasValueSatisfying(found -> assertThat(found.offset()).isEqualTo(23));
        }
    }

    @Test
    void copyOfLeaderEpochsGoesWithWhatItIsACopyOf() throws IOException {
        var text = ByteBuffer.wrap(new byte[] {'0', '\n', '0', '\n'});
        try (var fixture = new Fixture(directory, new TestDisk())) {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            Fixture.await(checkpoints.save(new Checkpoint("leader-epochs", 20, text)));

            Fixture.await(checkpoints.removeAbove(19));

            assertThat(file("leader-epoch-checkpoint")).doesNotExist();
        }
    }
}
