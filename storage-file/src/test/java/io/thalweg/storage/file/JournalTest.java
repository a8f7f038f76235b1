package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits of many logs at once, stepped by hand. */
final class JournalTest {

    /** Segments that are not full. */
    private static final LogConfig CONFIG = LogConfig.DEFAULT;

    private static final String FIRST = "00000000000000000000.log";

    @TempDir
    private Path root;

    private final SeededRuntime runtime = new SeededRuntime(new Random(1));

    /** Counts syncs, and fails those of the journal or of the logs while told to, and the first one of the journal's names. */
    private static final class CountingDisk extends TestDisk {

        private int syncs;
        private int logSyncs;
        private boolean isFailing;
        private boolean isFailingLogs;
        private boolean isFailingNames;
        private boolean isJournalDeleted;
        private long freeBytes = Long.MAX_VALUE;

        @Override
        void before(Call call, Path path) throws IOException {
            isJournalDeleted |= call == Call.DELETE && path.toString().contains("journal");
            if (call == Call.SYNC || call == Call.SYNC_DIRECTORY) {
                syncs++;
                logSyncs += path.toString().endsWith(".log") ? 1 : 0;
                var isOfNames = isFailingNames && isJournalDeleted && call == Call.SYNC_DIRECTORY;
                isFailingNames &= !isOfNames;
                if (isOfNames
                        || (isFailing && path.toString().contains("journal"))
                        || (isFailingLogs && path.toString().endsWith(".log"))) {
                    throw new IOException(path + ": Input/output error");
                }
            }
        }

        @Override
        public long freeBytes(Path directory) {
            return freeBytes;
        }
    }

    private final CountingDisk disk = new CountingDisk();

    private Fixture open(Path directory, @Nullable String journalBytes) {
        var settings = journalBytes == null
                ? ConfigValues.empty()
                : ConfigValues.empty().with(FileStorage.JOURNAL_BYTES.name(), journalBytes);
        return new Fixture(FileStorage.at(directory).on(disk), CONFIG, runtime, settings, Fixture.ID);
    }

    private void runAll() {
        while (runtime.runOne()) {
            // Until nothing waits.
        }
    }

    private static LogId id(int partition) {
        return new LogId("many", new UUID(1, 2), partition);
    }

    /** Logs that hold one batch, committed, with a journal that is ready. */
    private List<PartitionLog> openLogs(Fixture fixture, int count) {
        var logs = openEmptyLogs(fixture, count);
        commitOneMore(fixture, logs);
        runAll();
        return logs;
    }

    private static List<PartitionLog> openEmptyLogs(Fixture fixture, int count) {
        var logs = new ArrayList<PartitionLog>();
        for (var partition = 0; partition < count; partition++) {
            logs.add(fixture.finish(fixture.engine.open(id(partition), CONFIG)));
        }
        return logs;
    }

    private static SampleBatch batch(long offset) {
        return SampleBatch.of(offset, 1, 1, 100 * offset, 40, offset);
    }

    private static void commitOneMore(Fixture fixture, List<PartitionLog> logs) {
        for (var log : logs) {
            log.append(List.of(batch(log.offsets().end()).toBatch()));
        }
        fixture.finish(fixture.engine.commit(logs));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 1000})
    void commitIsOneSyncWhateverTheNumberOfLogs(int count) {
        try (var fixture = open(root, "4000000")) {
            var logs = openLogs(fixture, count);
            var before = disk.syncs;

            commitOneMore(fixture, logs);

            assertThat(disk.syncs - before).isEqualTo(1);
            assertThat(logs)
                    .allSatisfy(log -> assertThat(log.offsets().durable())
                            .isEqualTo(log.offsets().end()));
        }
    }

    @Test
    void theSmallestJournalIsUsed() {
        try (var fixture = open(root, Long.toString(Journal.MIN_BYTES))) {
            var logs = openLogs(fixture, 2);
            var before = disk.logSyncs;

            commitOneMore(fixture, logs);

            assertThat(disk.logSyncs).isEqualTo(before);
        }
    }

    /** It is of the names of logs as well. */
    @Test
    void syncOfTheNamesOfAJournalThatFailsIsFinal() {
        try (var fixture = open(root, "4000000")) {
            var logs = openEmptyLogs(fixture, 2);
            disk.isFailingNames = true;

            assertThatThrownBy(() -> {
                        commitOneMore(fixture, logs);
                        runAll();
                        commitOneMore(fixture, logs);
                    })
                    .isInstanceOf(StorageException.Offline.class);
        }
    }

    @Test
    void aJournalTooSmallToBeUsedIsRefused() {
        assertThatThrownBy(() -> open(root, Long.toString(Journal.MIN_BYTES - 1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("storage.file.journal.bytes")
                .hasMessageContaining("73727")
                .hasMessageContaining("0 for none, or a number from 73728 to 2147483648");
    }

    @Test
    void aLogThatIsOftenCommittedAloneComesToUseTheJournal() {
        try (var fixture = open(root, "262144")) {
            var logs = openLogs(fixture, 1);
            for (var commits = 1; commits < 3; commits++) {
                commitOneMore(fixture, logs);
                runAll();
            }
            var before = disk.logSyncs;

            commitOneMore(fixture, logs);

            assertThat(disk.logSyncs).isEqualTo(before);
            assertThat(logs.get(0).offsets().durable()).isEqualTo(4);
        }
    }

    @Test
    void aLogThatIsSeldomCommittedAloneHasNoJournalMade() {
        try (var fixture = open(root, null)) {
            var logs = openLogs(fixture, 1);

            commitOneMore(fixture, logs);
            runAll();

            assertThat(root.resolve(Journal.FIRST_FILE)).doesNotExist();
        }
    }

    @Test
    void muchOfALogThatIsCommittedAloneIsWrittenOnce() {
        try (var fixture = open(root, "4000000")) {
            openLogs(fixture, 2);
            var log = fixture.finish(fixture.engine.open(id(2), CONFIG));
            commitOneMore(fixture, List.of(log));
            runAll();
            var before = disk.logSyncs;

            log.append(List.of(SampleBatch.of(1, 1, 1, 100, 70_000, 1).toBatch()));
            fixture.finish(fixture.engine.commit(List.of(log)));

            assertThat(disk.logSyncs).isEqualTo(before + 1);
        }
    }

    @Test
    void journalThatIsFullMakesRoomInTheBackground() {
        try (var fixture = open(root, "81920")) {
            var logs = openLogs(fixture, 3);

            for (var i = 0; i < 50; i++) {
                commitOneMore(fixture, logs);
                runAll();
            }

            // Three to prepare, and three for each of the files that are left after every few commits.
            assertThat(disk.logSyncs).isLessThan(40);
        }
    }

    @Test
    void withoutRoomInTheJournalLogsAreSyncedThemselves() {
        try (var fixture = open(root, "81920")) {
            var logs = openLogs(fixture, 3);

            // Nothing runs in between that would free a file.
            for (var i = 0; i < 50; i++) {
                commitOneMore(fixture, logs);
            }

            assertThat(logs)
                    .allSatisfy(log -> assertThat(log.offsets().durable()).isEqualTo(51));
        }
    }

    @Test
    void noJournalIsMadeOnADiskThatIsNearlyFull() {
        disk.freeBytes = 1 << 20;
        try (var fixture = open(root, null)) {
            var logs = openLogs(fixture, 3);

            commitOneMore(fixture, logs);

            assertThat(logs)
                    .allSatisfy(log -> assertThat(log.offsets().durable()).isEqualTo(2));
        }
        assertThat(root.resolve(Journal.FIRST_FILE)).doesNotExist();
    }

    /** A block that follows a lost one looks like damage. */
    @Test
    void nothingIsWrittenBehindAFailedSync() {
        try (var fixture = open(root, "4000000")) {
            var logs = openLogs(fixture, 2);
            disk.isFailing = true;
            assertThatThrownBy(() -> commitOneMore(fixture, logs)).isInstanceOf(StorageException.Offline.class);
            disk.isFailing = false;

            assertThatThrownBy(() -> fixture.finish(fixture.engine.delete(id(0))))
                    .isInstanceOf(StorageException.Offline.class);
        }
    }

    @Test
    void failedSyncOfTheJournalIsFinal() {
        try (var fixture = open(root, "81920")) {
            var logs = openLogs(fixture, 3);
            disk.isFailing = true;
            assertThatThrownBy(() -> commitOneMore(fixture, logs)).isInstanceOf(StorageException.Offline.class);
            disk.isFailing = false;

            assertThatThrownBy(() -> fixture.finish(fixture.engine.commit(logs)))
                    .isInstanceOf(StorageException.Offline.class)
                    .hasMessageContaining("Input/output error");
            assertThat(logs)
                    .allSatisfy(log -> assertThat(log.offsets().durable()).isEqualTo(1));
        }
    }

    /** Left by a crash: three logs whose second and third batch are in the journal; the files of the logs lost them. */
    private Path crashed() throws IOException {
        var copy = root.resolve("crashed");
        try (var fixture = open(root.resolve("original"), "81920")) {
            var logs = openLogs(fixture, 3);
            commitOneMore(fixture, logs);
            commitOneMore(fixture, logs);
            Fixture.copyOf(root.resolve("original"), copy);
        }
        for (var partition = 0; partition < 3; partition++) {
            cut(copy.resolve("many-" + partition).resolve(FIRST), batch(0).sizeInBytes());
        }
        return copy;
    }

    private static void cut(Path file, long size) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void put(Path file, long position, int value) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), position);
        }
    }

    private List<SampleBatch> read(Fixture fixture, int partition) {
        return fixture.readAll(fixture.finish(fixture.engine.open(id(partition), CONFIG)));
    }

    @Test
    void whatTheLogsLostComesBackFromTheJournal() throws IOException {
        var directory = crashed();

        for (var again = 0; again < 2; again++) {
            try (var fixture = open(directory, null)) {
                for (var partition = 0; partition < 3; partition++) {
                    assertThat(read(fixture, partition)).containsExactly(batch(0), batch(1), batch(2));
                }
            }
        }
    }

    @Test
    void startAfterACrashSyncsNoLogAndTheJournalKeepsWhatItHas() throws IOException {
        var directory = crashed();
        var again = root.resolve("again");
        try (var fixture = open(directory, null)) {
            var before = disk.logSyncs;
            for (var partition = 0; partition < 3; partition++) {
                var log = fixture.finish(fixture.engine.open(id(partition), CONFIG));
                assertThat(log.offsets().durable()).isEqualTo(3);
            }
            assertThat(disk.logSyncs).isEqualTo(before);
            Fixture.copyOf(directory, again);
        }
        cut(again.resolve("many-1").resolve(FIRST), batch(0).sizeInBytes());

        try (var fixture = open(again, null)) {
            assertThat(read(fixture, 1)).containsExactly(batch(0), batch(1), batch(2));
        }
    }

    @Test
    void journalIsGivenUpOnceTheLogsAreDurable() throws IOException {
        var directory = crashed();
        var later = root.resolve("later");
        try (var fixture = open(directory, null)) {
            read(fixture, 0);
            runtime.fireTimers();
            runAll();
            Fixture.copyOf(directory, later);
        }

        var found = JournalReplay.find(
                disk, List.of(later.resolve(Journal.FIRST_FILE), later.resolve(Journal.SECOND_FILE)));
        assertThat(found.hasEntries()).isFalse();
        try (var fixture = open(later, null)) {
            for (var partition = 0; partition < 3; partition++) {
                assertThat(read(fixture, partition)).hasSize(3);
            }
        }
    }

    /** The system may have dropped the pages that a failed sync could not write, and the next sync of the same file proves nothing. */
    @Test
    void journalIsNotGivenUpBehindAFailedSync() throws IOException {
        var directory = crashed();
        var later = root.resolve("later");
        try (var fixture = open(directory, null)) {
            var log = fixture.finish(fixture.engine.open(id(0), CONFIG));
            log.append(List.of(batch(3).toBatch()));
            disk.isFailingLogs = true;
            assertThatThrownBy(() -> fixture.finish(fixture.engine.commit(List.of(log))))
                    .isInstanceOf(StorageException.Offline.class);
            disk.isFailingLogs = false;

            runtime.fireTimers();
            runAll();

            Fixture.copyOf(directory, later);
        }
        cut(later.resolve("many-0").resolve(FIRST), batch(0).sizeInBytes());
        try (var fixture = open(later, null)) {
            assertThat(read(fixture, 0)).containsExactly(batch(0), batch(1), batch(2));
        }
    }

    @Test
    void logThatLostItsDirectoryComesBackIfAllOfItWasInTheJournal() throws IOException {
        var copy = root.resolve("crashed");
        try (var fixture = open(root.resolve("original"), "81920")) {
            openLogs(fixture, 3);
            var late = List.of(
                    fixture.finish(fixture.engine.open(id(7), CONFIG)),
                    fixture.finish(fixture.engine.open(id(8), CONFIG)));
            commitOneMore(fixture, late);
            Fixture.copyOf(root.resolve("original"), copy);
        }
        for (var name : List.of(FIRST, PartitionMetadata.FILE_NAME, "")) {
            Files.deleteIfExists(copy.resolve("many-7").resolve(name));
        }

        try (var fixture = open(copy, null)) {
            assertThat(fixture.engine.logs()).contains(id(7));
            assertThat(read(fixture, 7)).containsExactly(batch(0));
        }
    }

    @Test
    void entriesOfAnotherTopicOfThatNameAreLeftOut() throws IOException {
        var directory = crashed();
        var other = new UUID(3, 4);
        Files.write(
                directory.resolve("many-1").resolve(PartitionMetadata.FILE_NAME),
                PartitionMetadata.encode(other).array());

        try (var fixture = open(directory, null)) {
            var log = fixture.finish(fixture.engine.open(new LogId("many", other, 1), CONFIG));
            assertThat(fixture.readAll(log)).containsExactly(batch(0));
            assertThat(read(fixture, 2)).hasSize(3);
        }
    }

    @Test
    void damageOfADurableBlockIsReportedAndNothingChanged() throws IOException {
        var directory = crashed();
        put(directory.resolve(Journal.FIRST_FILE), 60, 0xFF);

        assertThatThrownBy(() -> open(directory, null))
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessageContaining(Journal.FIRST_FILE)
                .hasMessageContaining("was durable and cannot be read");
        assertThat(directory.resolve("many-0").resolve(FIRST)).hasSize(batch(0).sizeInBytes());
    }

    @Test
    void lastBlockThatIsTornWasNeverDurable() throws IOException {
        var directory = crashed();
        put(directory.resolve(Journal.FIRST_FILE), JournalBlock.PAGE_BYTES + 60, 0xFF);

        try (var fixture = open(directory, null)) {
            assertThat(read(fixture, 0)).containsExactly(batch(0), batch(1));
        }
    }

    @Test
    void cleanStopLeavesNothingToPutBack() throws IOException {
        try (var fixture = open(root, "81920")) {
            commitOneMore(fixture, openLogs(fixture, 3));
        }

        var found =
                JournalReplay.find(disk, List.of(root.resolve(Journal.FIRST_FILE), root.resolve(Journal.SECOND_FILE)));

        assertThat(found.hasEntries()).isFalse();
        assertThat(found.lastSequence()).isPositive();
    }

    @Test
    void blockIsDrawnAsInTheFormats() {
        var buffer = ByteBuffer.allocate(2 * JournalBlock.PAGE_BYTES).position(JournalBlock.HEADER_BYTES);
        JournalEntry.putBytes(buffer, id(5), 7, 9, 2);
        buffer.put(new byte[] {1, 2});
        JournalEntry.putLeft(buffer, id(6));

        JournalBlock.seal(buffer, 11, 10);

        assertThat(buffer.remaining()).isEqualTo(JournalBlock.PAGE_BYTES);
        assertThat(buffer.getInt(4)).isEqualTo(28 + 27 + 16 + 2 + 27);
        assertThat(buffer.slice(8, 20))
                .isEqualTo(ByteBuffer.allocate(20)
                        .putInt(0x54574A01)
                        .putLong(11)
                        .putLong(10)
                        .flip());
        assertThat(buffer.slice(28, 45))
                .isEqualTo(ByteBuffer.allocate(45)
                        .put((byte) 1)
                        .putLong(1)
                        .putLong(2)
                        .putInt(5)
                        .putShort((short) 4)
                        .put(new byte[] {'m', 'a', 'n', 'y'})
                        .putLong(7)
                        .putInt(9)
                        .putInt(2)
                        .put(new byte[] {1, 2})
                        .flip());
        assertThat(buffer.get(73)).isEqualTo((byte) 2);
    }
}
