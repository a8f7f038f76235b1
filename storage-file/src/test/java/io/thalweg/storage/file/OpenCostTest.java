package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk is asked for when a log opens after a crash: with many logs that is what a start takes. */
final class OpenCostTest {

    @TempDir
    private Path root;

    private final Queue<Path> listed = new ConcurrentLinkedQueue<>();
    private final Queue<Path> opened = new ConcurrentLinkedQueue<>();

    private final TestDisk disk = new TestDisk() {
        @Override
        public List<Path> list(Path directory) throws IOException {
            listed.add(directory);
            return super.list(directory);
        }

        @Override
        void opened(Path path) {
            opened.add(path);
        }
    };

    private Path crashed() throws IOException {
        var directory = root.resolve("original");
        try (var fixture = new Fixture(directory, new TestDisk())) {
            fixture.append(0, 5);
            fixture.commit();
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            Fixture.await(checkpoints.save(new Checkpoint("state", 3, ByteBuffer.wrap(new byte[] {1}))));
            return Fixture.copyOf(directory, root.resolve("crashed"));
        }
    }

    @Test
    void itsDirectoryIsListedOnceAndItsFileOpenedOnce() throws IOException {
        var directory = crashed();

        try (var fixture = new Fixture(directory, disk)) {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            Fixture.await(checkpoints.removeAbove(5));
            assertThat(Fixture.await(checkpoints.latest("state", 5))).isPresent();
            assertThat(Fixture.await(checkpoints.latest("leader-epochs", 5))).isEmpty();
            assertThat(fixture.readAll()).hasSize(5);

            assertThat(listed).containsOnlyOnce(Fixture.logDirectory(directory));
            assertThat(opened).containsOnlyOnce(Fixture.file(directory, "00000000000000000000.log"));
        }
    }

    @Test
    void readsFindWhatRecoveryHasCheckedInMemory() throws IOException {
        try (var fixture = new Fixture(crashed(), disk)) {
            var read = fixture.log.read(0, 5, 1000).toCompletableFuture();

            assertThat(read).isCompleted();
            read.join().close();
        }
    }
}
