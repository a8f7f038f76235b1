package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDiskTest {

    @TempDir
    private Path directory;

    private final LocalDisk disk = new LocalDisk();

    private static ByteBuffer bytes(int... values) {
        var buffer = ByteBuffer.allocate(values.length);
        IntStream.of(values).forEach(value -> buffer.put((byte) value));
        return buffer.flip();
    }

    @Test
    void writesOfOneAndOfManyBuffersMayAlternate() throws IOException {
        try (var file = disk.open(directory.resolve("f"), true)) {
            file.write(new ByteBuffer[] {bytes(1), bytes(2, 3)}, 0);
            file.write(new ByteBuffer[] {bytes(4)}, 3);
            file.write(new ByteBuffer[] {bytes(5), bytes(), bytes(6)}, 4);
            file.write(new ByteBuffer[] {bytes(9), bytes(8)}, 1);
            file.sync();

            assertThat(Files.readAllBytes(directory.resolve("f"))).containsExactly(1, 9, 8, 4, 5, 6);
        }
    }

    @Test
    void thousandsOfBuffersAreWrittenWhole() throws IOException {
        var sources = IntStream.range(0, 5000).mapToObj(i -> bytes(i, i >> 8)).toArray(ByteBuffer[]::new);
        try (var file = disk.open(directory.resolve("f"), true)) {
            file.write(sources, 0);

            assertThat(file.size()).isEqualTo(10_000);
            var target = ByteBuffer.allocate(20_000);
            assertThat(file.read(target, 0)).isEqualTo(10_000);
            assertThat(target.getShort(2 * 4999)).isEqualTo(Short.reverseBytes((short) 4999));
        }
    }

    @Test
    void fileThatIsNotThereIsNotCreatedUnasked() {
        assertThatThrownBy(() -> disk.open(directory.resolve("f"), false)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void lockIsHeldOnceAndGivenBack() throws IOException {
        var lock = disk.tryLock(directory.resolve(".lock"));
        assertThat(lock).isPresent();
        assertThat(disk.tryLock(directory.resolve(".lock"))).isEmpty();

        lock.orElseThrow().close();

        var again = disk.tryLock(directory.resolve(".lock"));
        assertThat(again).isPresent();
        again.orElseThrow().close();
    }

    @Test
    void logOnARealDiskCommitsAndComesBack() {
        try (var fixture = new Fixture(directory)) {
            fixture.append(0, 25);
            fixture.commit();
            assertThat(fixture.log.offsets().durable()).isEqualTo(25);
        }

        try (var fixture = new Fixture(directory)) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 25));
        }
    }
}
