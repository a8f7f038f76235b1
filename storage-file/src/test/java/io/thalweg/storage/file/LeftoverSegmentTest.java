package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments that a failed append or truncation has left and could not remove, while the log goes on before them. */
final class LeftoverSegmentTest {

    private static final String LEFTOVER = "00000000000000000008.log";
    private static final String SECOND = "00000000000000000010.log";

    @TempDir
    private Path directory;

    @TempDir
    private Path crashed;

    /** Fails what is done to one file while told to. */
    private static final class FailingDisk extends TestDisk {

        private boolean isCreationCutShort;
        private boolean refusesWrites;
        private boolean refusesRemoval;
        private final List<String> calls = new ArrayList<>();

        @Override
        public File open(Path path, boolean create) throws IOException {
            var file = super.open(path, create);
            if (create && isCreationCutShort && path.endsWith(LEFTOVER)) {
                file.close();
                throw new IOException(path + ": Input/output error");
            }
            return file;
        }

        @Override
        void before(Call call, Path path) throws IOException {
            calls.add(call + " " + path.getFileName());
            var isRefused = (call == Call.WRITE && refusesWrites) || (call == Call.DELETE && refusesRemoval);
            if (isRefused && (path.endsWith(LEFTOVER) || path.endsWith(SECOND))) {
                throw new IOException(path + ": Input/output error");
            }
        }

        void heal() {
            isCreationCutShort = false;
            refusesWrites = false;
            refusesRemoval = false;
        }
    }

    private final FailingDisk disk = new FailingDisk();

    /** Too large for what is left of the first segment. */
    private static void appendLarge(Fixture fixture) {
        var batch = SampleBatch.of(8, 1, 800, 3 * Fixture.BATCH_BYTES);
        fixture.log.append(List.of(batch.toBatch()));
    }

    /** Behind eight batches in the first segment. */
    private void leaveASegmentBehind(Fixture fixture) {
        fixture.append(0, 8);
        disk.refusesWrites = true;
        disk.refusesRemoval = true;
        assertThatThrownBy(() -> appendLarge(fixture)).isInstanceOf(StorageException.class);
    }

    private void goesOnInTheFirstSegment(Fixture fixture) throws IOException {
        fixture.append(8, 12);
        fixture.commit();
        Fixture.copyOf(directory, crashed.resolve("copy"));
        try (var restarted = new Fixture(crashed.resolve("copy"))) {
            assertThat(restarted.readAll()).isEqualTo(batches(0, 12));
        }
    }

    @Test
    void aSegmentWhoseCreationWasCutShortIsRemoved() throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 8);
            disk.isCreationCutShort = true;
            assertThatThrownBy(() -> appendLarge(fixture)).isInstanceOf(StorageException.class);
            disk.heal();

            goesOnInTheFirstSegment(fixture);
        }
    }

    @Test
    void aSegmentThatCouldNotBeRemovedAtOnceIsRemovedBeforeTheNextAppend() throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            leaveASegmentBehind(fixture);
            disk.heal();

            goesOnInTheFirstSegment(fixture);
        }
    }

    /** After a loss of power it would be back otherwise, and a commit in the journal asks for no names. */
    @Test
    void itIsGoneForGoodBeforeTheLogGrows() {
        try (var fixture = new Fixture(directory, disk)) {
            leaveASegmentBehind(fixture);
            disk.heal();
            disk.calls.clear();

            fixture.append(8, 9);

            assertThat(disk.calls)
                    .containsSubsequence(
                            "DELETE " + LEFTOVER, "SYNC_DIRECTORY orders-3", "WRITE 00000000000000000000.log");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 10})
    void aSegmentThatATruncationCouldNotRemoveIsRemovedByTheNextOne(long endOffset) {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 12);
            fixture.commit();
            disk.refusesRemoval = true;
            assertThatThrownBy(() -> fixture.finish(fixture.log.truncateTo(endOffset)))
                    .isInstanceOf(StorageException.class);
            disk.heal();

            fixture.finish(fixture.log.truncateTo(endOffset));
            assertThat(Fixture.file(directory, SECOND)).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopIsCleanIfItCouldBeRemoved(boolean isHealed) {
        try (var fixture = new Fixture(directory, disk)) {
            leaveASegmentBehind(fixture);
            if (isHealed) {
                disk.heal();
            }
        }

        assertThat(Files.exists(directory.resolve(".kafka_cleanshutdown"))).isEqualTo(isHealed);
        assertThat(Files.exists(Fixture.file(directory, LEFTOVER))).isEqualTo(!isHealed);
    }

    @Test
    void nothingIsAppendedWhileItCannotBeRemoved() {
        try (var fixture = new Fixture(directory, disk)) {
            leaveASegmentBehind(fixture);

            assertThatThrownBy(() -> fixture.append(8, 9))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(LEFTOVER);

            assertThat(fixture.readAll()).isEqualTo(batches(0, 8));
        }
    }
}
