package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails while the broker runs. */
final class DiskFailureTest {

    @TempDir
    private Path directory;

    /** Fails calls of one kind on files with a name that ends in some text, while told to. */
    private static final class FailingDisk extends TestDisk {

        private volatile @Nullable Call failing;
        private volatile String suffix = "";
        private volatile @Nullable String unreadable;
        private volatile String message = "Input/output error";
        private volatile boolean isFull;
        private volatile boolean isFullAfterWrites;
        private volatile boolean isOutOfDescriptors;
        private final AtomicInteger failures = new AtomicInteger();

        /** What is open; one for each time. */
        private final ConcurrentLinkedQueue<Path> held = new ConcurrentLinkedQueue<>();

        @Override
        void opened(Path path) {
            held.add(path);
        }

        @Override
        void closed(Path path) {
            held.remove(path);
        }

        @Override
        public long freeBytes(Path directory) throws IOException {
            return isFull ? 4096 : super.freeBytes(directory);
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            if (isOutOfDescriptors) {
                throw new FileSystemException(directory.toString(), null, "Zu viele offene Dateien");
            }
            return super.list(directory);
        }

        void fail(Call call, String nameSuffix, String text) {
            suffix = nameSuffix;
            message = text;
            failing = call;
        }

        void failReads(String nameSuffix) {
            unreadable = nameSuffix;
        }

        void heal() {
            failing = null;
            unreadable = null;
        }

        @Override
        void reading(Path path) throws IOException {
            var unread = unreadable;
            if (unread != null && path.toString().endsWith(unread)) {
                throw new IOException(path + ": Input/output error");
            }
        }

        @Override
        void written(Path path) throws IOException {
            if (isFullAfterWrites) {
                throw new IOException(path + ": No space left on device");
            }
        }

        @Override
        void before(Call call, Path path) throws IOException {
            if (call == failing && path.toString().endsWith(suffix)) {
                failures.incrementAndGet();
                if (call == Call.CREATE) {
                    throw new FileSystemException(path.toString(), null, message);
                }
                throw new IOException(path + ": " + message);
            }
        }
    }

    private final FailingDisk disk = new FailingDisk();

    @Test
    void failedSyncIsFinalEvenIfTheNextOneWouldWork() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 3);
            fixture.commit();
            fixture.append(3, 5);
            disk.fail(TestDisk.Call.SYNC, ".log", "Input/output error");
            assertThatThrownBy(fixture::commit).isInstanceOf(StorageException.Offline.class);
            disk.heal();

            assertThatThrownBy(fixture::commit)
                    .isInstanceOf(StorageException.Offline.class)
                    .hasMessageContaining("Input/output error");
            assertThatThrownBy(() -> fixture.append(5, 6)).isInstanceOf(StorageException.Offline.class);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 5));
            assertThat(fixture.log.offsets().durable()).isEqualTo(3);
            assertThat(disk.failures).hasValue(1);
        }
        assertThat(directory.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    /** The system takes pages for written that it could not write: a sync after a restart would succeed and prove nothing of them. */
    @Test
    void whatASyncHasFailedToMakeDurableIsWrittenAgainByTheNextStart() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 3);
            fixture.commit();
            disk.fail(TestDisk.Call.SYNC, ".log", "Input/output error");
            fixture.append(3, 5);
            assertThatThrownBy(fixture::commit).isInstanceOf(StorageException.Offline.class);
        }
        assertThat(directory.resolve("sync-failed")).exists();
        var writes = new ArrayList<String>();
        var restarted = new TestDisk() {
            @Override
            void before(Call call, Path path) {
                if (path.toString().endsWith("0.log")) {
                    writes.add(call.toString());
                }
            }
        };

        try (var fixture = new Fixture(directory, restarted)) {
            assertThat(writes).containsSubsequence("WRITE", "SYNC");
            assertThat(fixture.log.offsets().durable()).isEqualTo(5);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 5));
        }
        assertThat(directory.resolve("sync-failed")).doesNotExist();
    }

    /** What such a start found is in memory, and after the next one would count as durable. */
    @Test
    void syncThatFailsWhileALogOpensIsFinalAndLeavesTheSign(@TempDir Path root) throws IOException {
        var crashed = crashedUncommitted(root);
        disk.fail(TestDisk.Call.SYNC, ".log", "Input/output error");

        try (var runtime = new RealRuntime();
                var engine = FileStorage.at(crashed)
                        .on(disk)
                        .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)))) {
            assertThatThrownBy(() -> Fixture.await(engine.open(Fixture.ID, Fixture.SMALL)))
                    .isInstanceOf(StorageException.Offline.class);
            disk.heal();
            assertThatThrownBy(() -> Fixture.await(engine.open(Fixture.ID, Fixture.SMALL)))
                    .isInstanceOf(StorageException.Offline.class)
                    .hasMessageContaining("Input/output error");
        }

        assertThat(crashed.resolve("sync-failed")).exists();
    }

    @Test
    void syncOfACutThatFailsLeavesTheSign(@TempDir Path root) throws IOException {
        var crashed = crashedUncommitted(root);
        Files.write(Fixture.file(crashed, "00000000000000000000.log"), new byte[70], StandardOpenOption.APPEND);
        disk.fail(TestDisk.Call.SYNC, ".log", "Input/output error");

        assertThatThrownBy(() -> new Fixture(crashed, disk)).isInstanceOf(StorageException.Offline.class);

        assertThat(crashed.resolve("sync-failed")).exists();
    }

    @Test
    void syncOfNamesThatFailsIsFinal(@TempDir Path root) throws IOException {
        var crashed = crashedUncommitted(root);
        disk.fail(TestDisk.Call.SYNC_DIRECTORY, "orders-3", "Input/output error");

        assertThatThrownBy(() -> new Fixture(crashed, disk)).isInstanceOf(StorageException.Offline.class);

        assertThat(crashed.resolve("sync-failed")).exists();
    }

    /** A second sync would succeed and prove nothing: after a loss of power the log would be there again, beside its successor. */
    @Test
    void syncOfADeletionThatFailsIsFinal() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 5);
            fixture.commit();
            disk.fail(TestDisk.Call.SYNC_DIRECTORY, directory.getFileName().toString(), "Input/output error");
            assertThatThrownBy(() -> Fixture.await(fixture.engine.delete(Fixture.ID)))
                    .isInstanceOf(StorageException.Offline.class);
            disk.heal();

            assertThatThrownBy(() -> Fixture.await(fixture.engine.open(Fixture.ID, Fixture.SMALL)))
                    .isInstanceOf(StorageException.Offline.class)
                    .hasMessageContaining("Input/output error");
        }
        assertThat(directory.resolve("sync-failed")).exists();
    }

    /** The next start finds none in memory; after a loss of power there would be one beside logs that are torn. */
    @Test
    void syncOfTheEndOfACleanStopThatFailsLeavesTheSign() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 5);
        }
        disk.fail(TestDisk.Call.SYNC_DIRECTORY, directory.getFileName().toString(), "Input/output error");

        assertThatThrownBy(() -> new Fixture(directory, disk)).isInstanceOf(StorageException.Offline.class);

        assertThat(directory.resolve("sync-failed")).exists();
    }

    /** What the journal holds is put back, and counts as durable before the logs are synced. */
    @Test
    void syncOfTheJournalThatFailsAtAStartLeavesTheSign(@TempDir Path root) throws IOException {
        var crashed = crashedUncommitted(root);
        Files.createFile(crashed.resolve(Journal.FIRST_FILE));
        disk.fail(TestDisk.Call.SYNC, Journal.FIRST_FILE, "Input/output error");

        assertThatThrownBy(() -> new Fixture(crashed, disk)).isInstanceOf(StorageException.Offline.class);

        assertThat(crashed.resolve("sync-failed")).exists();
    }

    /** It is of the names of segments as well, and Linux tells of a failure once. */
    @Test
    void syncOfACheckpointsNameThatFailsIsFinal() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 5);
            fixture.commit();
            disk.fail(TestDisk.Call.SYNC_DIRECTORY, "orders-3", "Input/output error");
            var state = new Checkpoint("state", 5, ByteBuffer.allocate(1));
            assertThatThrownBy(() -> fixture.finish(
                            fixture.engine.checkpoints(Fixture.ID).save(state)))
                    .isInstanceOf(StorageException.Offline.class);
            disk.heal();

            assertThatThrownBy(() -> fixture.append(5, 8)).isInstanceOf(StorageException.Offline.class);
        }
        assertThat(directory.resolve("sync-failed")).exists();
    }

    /** It is of the names of new logs as well. */
    @Test
    void syncOfTheNameOfWhatIsNotedOfLogsThatFailsIsFinal() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 5);
            fixture.commit();
            disk.fail(TestDisk.Call.SYNC_DIRECTORY, directory.getFileName().toString(), "Input/output error");
            assertThatThrownBy(() -> fixture.finish(fixture.log.advanceStart(3)))
                    .isInstanceOf(StorageException.Offline.class);
            disk.heal();

            assertThatThrownBy(() -> fixture.append(5, 8)).isInstanceOf(StorageException.Offline.class);
        }
        assertThat(directory.resolve("sync-failed")).exists();
    }

    private Path crashedUncommitted(Path root) throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 5);
            return Fixture.copyOf(directory, root.resolve("crashed"));
        }
    }

    @Test
    void nothingIsAppendedBehindAGapBeforeTheStartIsDurable(@TempDir Path crashed) throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 1);
            fixture.commit();
            disk.fail(TestDisk.Call.RENAME, "log-start-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> fixture.finish(fixture.log.advanceStart(5)))
                    .isInstanceOf(StorageException.Full.class);

            assertThatThrownBy(() -> fixture.append(5, 8)).isInstanceOf(StorageException.Full.class);

            disk.heal();
            fixture.append(5, 8);
            Fixture.copyOf(directory, crashed.resolve("copy"));
        }
        try (var restarted = new Fixture(crashed.resolve("copy"))) {
            assertThat(restarted.readAll()).isEqualTo(batches(5, 8));
        }
    }

    @Test
    void segmentsWhoseReplacementFailedAndCouldNotBeDiscardedCanBeReplacedAgain() {
        var isFailing = new AtomicBoolean();
        var failing = new TestDisk() {
            @Override
            void before(Call call, Path path) throws IOException {
                if (isFailing.get() && path.toString().contains(".cleaned")) {
                    throw new IOException(path + ": Input/output error");
                }
            }
        };
        try (var fixture = new Fixture(directory, failing)) {
            fixture.append(0, 25);
            fixture.commit();
            var log = (SegmentedLog) fixture.log;
            var failed = log.replace(0, 10);
            fixture.finish(failed.append(List.of(batches(0, 1).get(0).toBatch())));
            isFailing.set(true);
            assertThatThrownBy(() -> fixture.finish(failed.finish())).isInstanceOf(StorageException.class);
            isFailing.set(false);

            try (var replacement = log.replace(0, 10)) {
                fixture.finish(replacement.append(List.of(batches(3, 4).get(0).toBatch())));
                fixture.finish(replacement.finish());
            }

            assertThat(fixture.readAll()).startsWith(batches(3, 4).get(0)).hasSize(16);
        }
    }

    @Test
    void aStartAfterACrashWritesNothingAgain(@TempDir Path crashed) throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 5);
            fixture.commit();
            Fixture.copyOf(directory, crashed.resolve("copy"));
        }
        var writes = new AtomicInteger();
        var restarted = new TestDisk() {
            @Override
            void before(Call call, Path path) {
                if (call == Call.WRITE && path.toString().endsWith("0.log")) {
                    writes.incrementAndGet();
                }
            }
        };

        new Fixture(crashed.resolve("copy"), restarted).close();

        assertThat(writes).hasValue(0);
    }

    /** Such as a fault of mapped memory, or none left. */
    @Test
    void errorInACommitIsItsAnswerAndTheNextOneIsTried() {
        var isFaulty = new AtomicBoolean();
        var faulty = new TestDisk() {
            @Override
            void before(Call call, Path path) {
                if (call == Call.SYNC && isFaulty.get()) {
                    throw new InternalError("a fault at " + path);
                }
            }
        };
        try (var fixture = new Fixture(directory, faulty)) {
            fixture.append(0, 3);
            isFaulty.set(true);

            assertThatThrownBy(fixture::commit).hasStackTraceContaining("a fault at");

            isFaulty.set(false);
            fixture.commit();
            assertThat(fixture.log.offsets().durable()).isEqualTo(3);
        }
    }

    @Test
    void failedSyncOfADirectoryIsFinalToo() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.SYNC_DIRECTORY, "orders-3", "Input/output error");
            fixture.append(0, 1);

            assertThatThrownBy(fixture::commit).isInstanceOf(StorageException.Offline.class);
        }
    }

    @Test
    void appendsGoOnOnceThereIsRoomAgain() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 3);
            disk.fail(TestDisk.Call.WRITE, ".log", "No space left on device");
            assertThatThrownBy(() -> fixture.append(3, 4)).isInstanceOf(StorageException.Full.class);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 3));
            disk.heal();

            fixture.append(3, 6);

            fixture.commit();
            assertThat(fixture.readAll()).isEqualTo(batches(0, 6));
        }
    }

    @Test
    void anIndexThatCannotBeWrittenDoesNotFailTheAppend() {
        var everyBatch = new LogConfig(Durability.FSYNC, 1_000_000, 1_000_000, 0, 0, 1 << 20, false);
        try (var fixture = new Fixture(directory, disk, everyBatch)) {
            disk.fail(TestDisk.Call.WRITE, "index", "No space left on device");
            for (var offset = 0; offset < 600; offset++) {
                fixture.append(offset, offset + 1);
            }

            assertThat(disk.failures.get()).isPositive();
            assertThat(fixture.readAll()).isEqualTo(batches(0, 600));
            disk.heal();
        }
    }

    @Test
    void appendThatFailsInItsSecondSegmentLeavesNothing() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 7);
            disk.fail(TestDisk.Call.WRITE, "10.log", "No space left on device");
            var many = batches(7, 25).stream().map(SampleBatch::toBatch).toList();

            assertThatThrownBy(() -> fixture.log.append(many)).isInstanceOf(StorageException.Full.class);

            assertThat(fixture.log.offsets().end()).isEqualTo(7);
            assertThat(Fixture.file(directory, "00000000000000000000.log")).hasSize(700);
            assertThat(Fixture.file(directory, "00000000000000000010.log")).doesNotExist();
            disk.heal();
            fixture.log.append(many);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 25));
        }
    }

    @Test
    void directoryThatCannotBeCreatedIsTriedAgain() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.CREATE, "orders-3", "No space left on device");
            assertThatThrownBy(() -> fixture.append(0, 1)).isInstanceOf(StorageException.Full.class);
            disk.heal();

            fixture.append(0, 1);

            assertThat(fixture.readAll()).isEqualTo(batches(0, 1));
        }
    }

    @Test
    void indexesThatCannotBeWrittenAreBuiltAnewLater() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.WRITE, "index", "No space left on device");
            fixture.append(0, 33);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 33));
        }
        disk.heal();

        try (var fixture = new Fixture(directory, disk)) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 33));
        }
    }

    @Test
    void indexesThatFoundNoRoomAreBuiltAnewOnceThereIs() throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 33);
        }
        Files.delete(Fixture.file(directory, "00000000000000000000.index"));
        Files.write(Fixture.file(directory, "00000000000000000000.index"), new byte[] {0, 0, 0, 9, 0, 0, 0, 7});

        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.WRITE, ".tmp", "No space left on device");
            assertThatThrownBy(fixture::readAll).isInstanceOf(StorageException.Full.class);
            disk.heal();

            assertThat(fixture.readAll()).isEqualTo(batches(0, 33));
        }
    }

    /** Busy would have clients ask for ever. */
    @Test
    void damageFoundWhileIndexesAreBuiltAnewIsToldToEveryReader() throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 33);
        }
        var descending = new byte[] {0, 0, 0, 9, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 6};
        Files.write(Fixture.file(directory, "00000000000000000000.index"), descending);
        try (var file = new RandomAccessFile(
                Fixture.file(directory, "00000000000000000000.log").toFile(), "rw")) {
            file.seek(350);
            file.write(new byte[] {1, 2, 3});
        }

        try (var fixture = new Fixture(directory, disk)) {
            for (var reader = 0; reader < 3; reader++) {
                assertThatThrownBy(fixture::readAll).isInstanceOf(StorageException.Corrupt.class);
                assertThatThrownBy(() -> Fixture.await(fixture.log.find(0)))
                        .isInstanceOf(StorageException.Corrupt.class);
            }
        }
    }

    /** Whose last append fails when its bytes are written, which then cannot be cut off. */
    private Fixture withRemains() {
        var fixture = new Fixture(directory, disk);
        fixture.append(0, 7);
        disk.isFullAfterWrites = true;
        disk.fail(TestDisk.Call.TRUNCATE, ".log", "Input/output error");
        assertThatThrownBy(() -> fixture.append(7, 8)).isInstanceOf(StorageException.class);
        disk.isFullAfterWrites = false;
        assertThat(Fixture.file(directory, "00000000000000000000.log")).hasSize(800);
        return fixture;
    }

    private static List<SampleBatch> large() {
        return List.of(SampleBatch.of(7, 1, 700, 400));
    }

    @Test
    void whatAFailedAppendHasLeftBehindAClosedSegmentIsCutByTheClose() {
        try (var fixture = withRemains()) {
            large().forEach(batch -> fixture.log.append(List.of(batch.toBatch())));
            fixture.append(8, 10);
            disk.heal();
        }
        assertThat(Fixture.file(directory, "00000000000000000000.log")).hasSize(700);

        try (var fixture = new Fixture(directory, disk)) {
            assertThat(fixture.readAll()).hasSize(10).startsWith(batches(0, 7).toArray(SampleBatch[]::new));
        }
    }

    @Test
    void whatAFailedAppendHasLeftBehindAClosedSegmentDoesNotEndTheLogAfterACrash(@TempDir Path crashed)
            throws IOException {
        try (var fixture = withRemains()) {
            large().forEach(batch -> fixture.log.append(List.of(batch.toBatch())));
            fixture.append(8, 10);
            fixture.commit();
            Fixture.copyOf(directory, crashed.resolve("copy"));
        }

        try (var fixture = new Fixture(crashed.resolve("copy"), new TestDisk())) {
            assertThat(fixture.readAll()).hasSize(10);
        }
    }

    @Test
    void whatAFailedAppendHasLeftBehindTheLastSegmentIsCutByTheClose() {
        try (var fixture = withRemains()) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 7));
            disk.heal();
        }
        assertThat(Fixture.file(directory, "00000000000000000000.log")).hasSize(700);

        try (var fixture = new Fixture(directory, disk)) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 7));
        }
    }

    /** Such a gap has to be noted before a file behind it counts. */
    @Test
    void appendOverAFarGapThatFailsLeavesNoRecoveryPointBehindTheEnd(@TempDir Path crashed) throws IOException {
        var far = List.of(SampleBatch.of(5_000_000_000L, 1, 700, 39));
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 3);
            fixture.commit();
            disk.fail(TestDisk.Call.WRITE, "5000000000.log", "No space left on device");
            assertThatThrownBy(() -> fixture.log.append(List.of(far.get(0).toBatch())))
                    .isInstanceOf(StorageException.Full.class);
            disk.heal();
            Fixture.copyOf(directory, crashed.resolve("copy"));

            fixture.log.append(List.of(far.get(0).toBatch()));

            assertThat(fixture.readAll()).hasSize(4);
        }
        try (var fixture = new Fixture(crashed.resolve("copy"), new TestDisk())) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 3));
        }
    }

    @Test
    void truncationThatFindsNoRoomLeavesALogThatGoesOn() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 15);
            disk.fail(TestDisk.Call.WRITE, ".cleaned", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.truncateTo(12)))
                    .isInstanceOf(StorageException.Full.class);
            disk.heal();

            Fixture.await(fixture.log.truncateTo(12));

            fixture.append(12, 14);
            assertThat(fixture.readAll()).isEqualTo(batches(0, 14));
        }
    }

    @Test
    void segmentsThatCouldNotBeRemovedAreClosedWithTheirLog() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 25);
            disk.fail(TestDisk.Call.WRITE, "log-start-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.advanceStart(21)))
                    .isInstanceOf(StorageException.Full.class);
        }

        assertThat(disk.held).isEmpty();
    }

    /** What is gone on purpose would be missed by the next start, if the recovery point were still above it. */
    @Test
    void truncationThatIsTriedAgainLowersTheRecoveryPointOnTheDisk(@TempDir Path copy) throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 1);
        }
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.WRITE, "recovery-point-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.truncateTo(0)))
                    .isInstanceOf(StorageException.Full.class);
            disk.fail(TestDisk.Call.CREATE, "00000000000000000000.log", "No space left on device");

            assertThatThrownBy(() -> Fixture.await(fixture.log.truncateTo(0)))
                    .isInstanceOf(StorageException.Full.class);

            Fixture.copyOf(directory, copy.resolve("crashed"));
        }
        try (var crashed = new Fixture(copy.resolve("crashed"), new TestDisk())) {
            assertThat(crashed.readAll()).isEmpty();
        }
    }

    @Test
    void logThatCannotBeReadDoesNotKeepOthersFromOpening() throws IOException {
        var other = new LogId("orders", Fixture.ID.topicId(), 4);
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 33);
            var log = Fixture.await(fixture.engine.open(other, Fixture.SMALL));
            log.append(batches(0, 1).stream().map(SampleBatch::toBatch).toList());
        }
        var segment = Fixture.file(directory, "00000000000000000010.log");
        Files.delete(segment);
        Files.createDirectory(segment);

        try (var runtime = new RealRuntime();
                var engine = FileStorage.at(directory)
                        .on(disk)
                        .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)))) {
            assertThatThrownBy(() -> Fixture.await(engine.open(Fixture.ID, Fixture.SMALL)))
                    .isInstanceOf(StorageException.Offline.class)
                    .hasMessageContaining("orders-3");
            assertThat(Fixture.await(engine.open(other, Fixture.SMALL))
                            .offsets()
                            .end())
                    .isEqualTo(1);
        }
    }

    /** As after a crash that left the directory alone, on a disk that is full until later. */
    @Test
    void metadataForWhichThereWasNoRoomAreWrittenByTheNextOpen() throws IOException {
        Files.createDirectories(directory.resolve("orders-3"));
        disk.fail(TestDisk.Call.CREATE, "partition.metadata", "No space left on device");
        try (var runtime = new RealRuntime();
                var engine = FileStorage.at(directory)
                        .on(disk)
                        .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)))) {
            assertThatThrownBy(() -> Fixture.await(engine.open(Fixture.ID, Fixture.SMALL)))
                    .isInstanceOf(StorageException.Full.class);
            disk.heal();

            var log = Fixture.await(engine.open(Fixture.ID, Fixture.SMALL));

            log.append(List.of(batches(0, 1).get(0).toBatch()));
            Fixture.await(engine.commit(List.of(log)));
            assertThat(log.offsets().durable()).isEqualTo(1);
        }
        assertThat(directory.resolve("orders-3").resolve("partition.metadata")).exists();
    }

    @Test
    void cutThatComesToNothingLeavesTheLogAsItWas() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 25);
            fixture.commit();
            disk.failReads(".cleaned");

            assertThatThrownBy(() -> Fixture.await(fixture.log.truncateTo(22)))
                    .isInstanceOf(StorageException.Offline.class);

            disk.heal();
            assertThat(fixture.readAll()).isEqualTo(batches(0, 25));
        }
        try (var again = new Fixture(directory, disk)) {
            assertThat(again.readAll()).isEqualTo(batches(0, 25));
        }
    }

    /** A recovery point of another log would make damage of one that is shorter. */
    @Test
    void logOpensOnceNothingIsNotedOfADeletedOneOfItsName(@TempDir Path copy) throws IOException {
        var later = new LogId("orders", new UUID(1, 2), Fixture.ID.partition());
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 25);
            fixture.commit();
        }
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.WRITE, "recovery-point-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.engine.delete(Fixture.ID)))
                    .isInstanceOf(StorageException.Full.class);
            assertThatThrownBy(() -> Fixture.await(fixture.engine.open(later, Fixture.SMALL)))
                    .isInstanceOf(StorageException.Full.class);
            disk.heal();

            var log = Fixture.await(fixture.engine.open(later, Fixture.SMALL));

            log.append(List.of(batches(0, 1).get(0).toBatch()));
            Fixture.await(fixture.engine.commit(List.of(log)));
            var found = Fixture.copyOf(directory, copy.resolve("crashed"));
            try (var crashed = new Fixture(FileStorage.at(found), Fixture.SMALL, null, ConfigValues.empty(), later)) {
                assertThat(crashed.readAll()).isEqualTo(batches(0, 1));
            }
        }
    }

    @Test
    void segmentTooLargeToBeOneIsDamage() throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 3);
        }
        var bytes = Integer.MAX_VALUE + 1L;
        try (var file = new RandomAccessFile(
                Fixture.file(directory, "00000000000000000000.log").toFile(), "rw")) {
            file.setLength(bytes);
        }

        assertThatThrownBy(() -> new Fixture(directory, disk))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining("00000000000000000000.log has " + bytes);
    }

    @Test
    void fullDiskIsKnownByItsFreeBytesWhateverTheLanguage() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.isFull = true;
            disk.fail(TestDisk.Call.WRITE, ".log", "Auf dem Gerät ist kein Speicherplatz mehr verfügbar");

            assertThatThrownBy(() -> fixture.append(0, 1))
                    .isInstanceOf(StorageException.Full.class)
                    .hasMessageContaining("is full");
        }
    }

    @Test
    void tooManyOpenFilesAreKnownByWhatElseDoesNotOpenWhateverTheLanguage() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.isOutOfDescriptors = true;
            disk.fail(TestDisk.Call.CREATE, ".log", "Zu viele offene Dateien");
            assertThatThrownBy(() -> fixture.append(0, 1)).isInstanceOf(StorageException.Busy.class);
            disk.isOutOfDescriptors = false;
            disk.heal();

            fixture.append(0, 1);

            assertThat(fixture.readAll()).isEqualTo(batches(0, 1));
        }
    }

    @Test
    void diskThatMayOnlyBeReadIsOffline() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.CREATE, ".log", "Das Dateisystem ist nur lesbar");

            assertThatThrownBy(() -> fixture.append(0, 1)).isInstanceOf(StorageException.Offline.class);
        }
    }

    /** As systems mount a disk that has failed. */
    @Test
    void directoryThatMayOnlyBeReadDoesNotOpenAndIsLeftAsItIs() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 13);
        }
        var readOnly = new TestDisk() {
            @Override
            void before(Call call, Path path) throws IOException {
                throw new FileSystemException(path.toString(), null, "Read-only file system");
            }
        };

        assertThatThrownBy(() -> new Fixture(directory, readOnly))
                .isInstanceOf(StorageException.Offline.class)
                .hasMessageContaining("Read-only file system");

        try (var fixture = new Fixture(directory, disk)) {
            assertThat(fixture.readAll()).isEqualTo(batches(0, 13));
        }
    }

    @Test
    void startThatFindsNoRoomKeepsNoCommitFromBeingDurable(@TempDir Path copy) throws IOException {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 25);
            disk.fail(TestDisk.Call.WRITE, "log-start-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.advanceStart(12)))
                    .isInstanceOf(StorageException.Full.class);
            fixture.append(25, 27);

            fixture.commit();

            assertThat(fixture.log.offsets().durable()).isEqualTo(27);
            assertThat(fixture.readAll()).isEqualTo(batches(12, 27));
            try (var crashed = new Fixture(Fixture.copyOf(directory, copy.resolve("crashed")), new TestDisk())) {
                assertThat(crashed.readAll()).isEqualTo(batches(0, 27));
            }
        }
    }

    /** What an earlier start has left would end before it, and a start after a crash would cut there. */
    @Test
    void nothingIsAppendedBehindAStartThatLeapsAndFindsNoRoom() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.WRITE, "log-start-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.advanceStart(12)))
                    .isInstanceOf(StorageException.Full.class);

            assertThatThrownBy(() -> fixture.append(12, 13)).isInstanceOf(StorageException.Full.class);

            disk.heal();
            fixture.append(12, 13);
            assertThat(fixture.readAll()).isEqualTo(batches(12, 13));
        }
    }

    @Test
    void startThatFoundNoRoomIsDurableOnceThereIsSome() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 25);
            disk.fail(TestDisk.Call.WRITE, "log-start-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.advanceStart(12)))
                    .isInstanceOf(StorageException.Full.class);
            disk.heal();

            Fixture.await(fixture.log.advanceStart(13));

            assertThat(Fixture.file(directory, "00000000000000000000.log")).doesNotExist();
            assertThat(directory.resolve("log-start-offset-checkpoint")).hasContent("0\n1\norders 3 13\n");
        }
    }

    /** Retention, or whoever deletes records, empties logs on full disks. */
    @Test
    void startPastTheEndThatFoundNoRoomIsDurableOnceThereIsSome() {
        try (var fixture = new Fixture(directory, disk)) {
            fixture.append(0, 25);
            fixture.commit();
            disk.fail(TestDisk.Call.WRITE, "log-start-offset-checkpoint.tmp", "No space left on device");

            assertThatThrownBy(() -> Fixture.await(fixture.log.advanceStart(40)))
                    .isInstanceOf(StorageException.Full.class);

            assertThat(fixture.log.offsets().start()).isEqualTo(40);
            assertThat(fixture.log.offsets().end()).isEqualTo(40);
            assertThatThrownBy(() -> fixture.append(40, 45)).isInstanceOf(StorageException.Full.class);
            disk.heal();
            fixture.append(40, 45);
            fixture.commit();
            assertThat(fixture.readAll()).isEqualTo(batches(40, 45));
            assertThat(fixture.log.offsets().durable()).isEqualTo(45);
            Fixture.await(fixture.log.advanceStart(41));
            assertThat(Fixture.file(directory, "00000000000000000000.log")).doesNotExist();
        }
        try (var fixture = new Fixture(directory, disk)) {
            assertThat(fixture.readAll()).isEqualTo(batches(41, 45));
        }
    }

    @Test
    void crashBeforeAStartPastTheEndFoundRoomLeavesTheLogAsItWas() throws IOException {
        var copy = directory.resolve("copy");
        try (var fixture = new Fixture(directory.resolve("original"), disk)) {
            fixture.append(0, 25);
            fixture.commit();
            disk.fail(TestDisk.Call.WRITE, "log-start-offset-checkpoint.tmp", "No space left on device");
            assertThatThrownBy(() -> Fixture.await(fixture.log.advanceStart(40)))
                    .isInstanceOf(StorageException.Full.class);

            Fixture.copyOf(directory.resolve("original"), copy);
            disk.heal();
        }
        try (var fixture = new Fixture(copy, disk)) {
            assertThat(fixture.log.offsets().start()).isZero();
            assertThat(fixture.readAll()).isEqualTo(batches(0, 25));
        }
    }

    @Test
    void messagesNameTheFile() {
        try (var fixture = new Fixture(directory, disk)) {
            disk.fail(TestDisk.Call.WRITE, ".log", "Too many open files");

            assertThatThrownBy(() ->
                            fixture.log.append(List.of(batches(0, 1).get(0).toBatch())))
                    .isInstanceOf(StorageException.Busy.class)
                    .hasMessageContaining("orders-3")
                    .hasMessageContaining("00000000000000000000.log");
        }
    }
}
