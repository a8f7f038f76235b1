package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many files of logs are open, and that nobody notices that others were closed. */
final class OpenFilesTest {

    private static final int MOST = 5;

    @TempDir
    private Path directory;

    private final CountingDisk disk = new CountingDisk();

    /** Counts the files of segments that are open. */
    private static final class CountingDisk extends TestDisk {

        private final AtomicInteger openCount = new AtomicInteger();
        private int limit = Integer.MAX_VALUE;

        @Override
        public File open(Path path, boolean create) throws IOException {
            if (openCount.get() >= limit) {
                throw new FileSystemException(path.toString(), null, "Too many open files");
            }
            return super.open(path, create);
        }

        @Override
        void opened(Path path) {
            openCount.addAndGet(path.toString().endsWith(".log") ? 1 : 0);
        }

        @Override
        void closed(Path path) {
            openCount.addAndGet(path.toString().endsWith(".log") ? -1 : 0);
        }
    }

    private Fixture open() {
        var settings = ConfigValues.empty().with(FileStorage.OPEN_FILES.name(), Integer.toString(MOST));
        return new Fixture(FileStorage.at(directory).on(disk), Fixture.SMALL, null, settings, Fixture.ID);
    }

    @Test
    void fewFilesServeManySegmentsOfManyLogs() {
        try (var fixture = open()) {
            var logs = new ArrayList<PartitionLog>();
            for (var partition = 0; partition < 20; partition++) {
                var id = new LogId("many", new UUID(1, 2), partition);
                logs.add(fixture.finish(fixture.engine.open(id, Fixture.SMALL)));
            }
            for (var round = 0; round < 3; round++) {
                for (var log : logs) {
                    append(log, 20L * round, 20L * round + 20);
                }
                fixture.finish(fixture.engine.commit(logs));
            }

            for (var log : logs) {
                assertThat(fixture.readAll(log)).isEqualTo(batches(0, 60));
            }
            assertThat(disk.openCount).hasValueLessThanOrEqualTo(MOST);
        }
        assertThat(disk.openCount).hasValue(0);
    }

    private static void append(PartitionLog log, long from, long to) {
        batches(from, to).stream().map(SampleBatch::toBatch).forEach(batch -> log.append(List.of(batch)));
    }

    @Test
    void aProcessThatRunsOutOfDescriptorsGoesOnWithFewerFiles() {
        var settings = ConfigValues.empty().with(FileStorage.OPEN_FILES.name(), "1000");
        try (var fixture = new Fixture(FileStorage.at(directory).on(disk), Fixture.SMALL, null, settings, Fixture.ID)) {
            var logs = new ArrayList<PartitionLog>();
            for (var partition = 0; partition < 20; partition++) {
                var id = new LogId("many", new UUID(1, 2), partition);
                logs.add(fixture.finish(fixture.engine.open(id, Fixture.SMALL)));
                append(logs.get(partition), 0, 1);
            }
            fixture.finish(fixture.engine.commit(logs));
            disk.limit = disk.openCount.get();

            for (var log : logs) {
                append(log, 1, 20);
            }
            fixture.finish(fixture.engine.commit(logs));

            for (var log : logs) {
                assertThat(fixture.readAll(log)).isEqualTo(batches(0, 20));
            }
        }
    }

    @Test
    void sliceKeepsItsFileOpen() {
        try (var fixture = open()) {
            fixture.append(0, 10);
            fixture.commit();
            var slice = fixture.finish(fixture.log.read(0, 10, 1000));
            for (var partition = 0; partition < 20; partition++) {
                var log = fixture.finish(
                        fixture.engine.open(new LogId("many", new UUID(1, 2), partition), Fixture.SMALL));
                append(log, 0, 20);
            }

            assertThat(SampleBatch.in(slice)).isEqualTo(batches(0, 10));
        }
    }

    /** Fails one of the reads of a log's files, and counts those that are open. */
    private static final class ReadFailingDisk extends TestDisk {

        private final AtomicInteger openCount = new AtomicInteger();
        private final AtomicInteger readsLeft;

        ReadFailingDisk(int readsLeft) {
            this.readsLeft = new AtomicInteger(readsLeft);
        }

        @Override
        void reading(Path path) throws IOException {
            if (path.toString().contains("orders-3") && readsLeft.getAndDecrement() == 0) {
                throw new IOException("Input/output error");
            }
        }

        @Override
        void opened(Path path) {
            openCount.addAndGet(path.toString().contains("orders-3") ? 1 : 0);
        }

        @Override
        void closed(Path path) {
            openCount.addAndGet(path.toString().contains("orders-3") ? -1 : 0);
        }
    }

    @Test
    void anOpenThatFailsLeavesNoFileOpen() throws IOException {
        for (var isClean : new boolean[] {true, false}) {
            try (var fixture = new Fixture(directory, new TestDisk())) {
                fixture.append(
                        fixture.log.offsets().end(), fixture.log.offsets().end() + 23);
                fixture.commit();
            }
            var failed = 0;
            while (failsToOpen(new ReadFailingDisk(failed), isClean)) {
                failed++;
            }

            assertThat(failed).isGreaterThan(2);
        }
    }

    private boolean failsToOpen(ReadFailingDisk disk, boolean isClean) throws IOException {
        if (!isClean) {
            Files.deleteIfExists(directory.resolve(".kafka_cleanshutdown"));
        }
        try (var fixture = new Fixture(directory, disk)) {
            return fixture.log.offsets().end() == 0;
        } catch (StorageException e) {
            assertThat(disk.openCount).as("after %s", e.getMessage()).hasValue(0);
            return true;
        }
    }
}
