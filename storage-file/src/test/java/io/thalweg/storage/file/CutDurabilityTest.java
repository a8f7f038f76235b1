package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is cut off a file is gone for good once others rely on it. A process that dies between the cut and its sync leaves a file that looks
 * right, and may be the longer one again after a loss of power.
 */
final class CutDurabilityTest {

    private static final String LAST = "00000000000000000010.log";

    @TempDir
    private Path directory;

    private final Queue<Path> synced = new ConcurrentLinkedQueue<>();

    private final TestDisk disk = new TestDisk() {
        @Override
        void before(Call call, Path path) {
            if (call == Call.SYNC) {
                synced.add(path);
            }
        }
    };

    private Path last() {
        return Fixture.file(directory, LAST);
    }

    private Path mark() {
        return Fixture.file(directory, LAST + ".cleaned");
    }

    /** A log that is durable up to its end, and something after that which is not. */
    @BeforeEach
    void crashWithATornTail() throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            fixture.append(0, 13);
        }
        Files.delete(directory.resolve(".kafka_cleanshutdown"));
        Files.write(last(), new byte[50], StandardOpenOption.APPEND);
    }

    @Test
    void cutOfAStartThatDiedIsMadeDurableByTheNextOne() {
        var dying = new TestDisk() {
            @Override
            void before(Call call, Path path) throws IOException {
                if (call == Call.SYNC && path.equals(last())) {
                    throw new IOException(path + ": died");
                }
            }
        };
        assertThatThrownBy(() -> new Fixture(directory, dying).close()).isInstanceOf(StorageException.class);
        assertThat(last()).hasSize(3L * Fixture.BATCH_BYTES);
        assertThat(mark()).exists();

        try (var fixture = new Fixture(directory, disk)) {
            assertThat(synced).contains(last());
            assertThat(mark()).doesNotExist();
            assertThat(fixture.readAll()).isEqualTo(batches(0, 13));
        }
    }

    @Test
    void cutLeavesNoMark() {
        try (var fixture = new Fixture(directory, disk)) {
            assertThat(synced).contains(last());
            assertThat(mark()).doesNotExist();
            assertThat(fixture.readAll()).isEqualTo(batches(0, 13));
        }
    }

    @Test
    void segmentThatACrashLeftIsSyncedBeforeItCountsAsClosed() throws IOException {
        new Fixture(directory, new TestDisk()).close();
        Files.delete(directory.resolve(".kafka_cleanshutdown"));
        try (var fixture = new Fixture(directory, disk)) {
            assertThat(synced).doesNotContain(last());
            ((SegmentedLog) fixture.log).roll();
            fixture.append(13, 14);

            fixture.commit();

            assertThat(synced).contains(last());
        }
    }
}
