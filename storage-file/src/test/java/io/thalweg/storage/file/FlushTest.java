package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a log goes to disk whose commits do not wait for that. */
final class FlushTest {

    private static final LogConfig OS = new LogConfig(
            Durability.OS,
            1 << 20,
            SMALL.segmentMillis(),
            0,
            SMALL.indexIntervalBytes(),
            SMALL.segmentIndexBytes(),
            false);

    @TempDir
    private Path directory;

    private final CountingDisk disk = new CountingDisk();
    private final SeededRuntime seeded = new SeededRuntime(new Random(1));

    /** Counts how often a segment was synced. */
    private static final class CountingDisk extends TestDisk {

        private final AtomicInteger syncs = new AtomicInteger();

        @Override
        void before(Call call, Path path) {
            if (call == Call.SYNC && path.toString().endsWith(".log")) {
                syncs.incrementAndGet();
            }
        }
    }

    private Fixture open(LogConfig config) {
        return new Fixture(directory, disk, config, seeded);
    }

    private void runAll() {
        while (seeded.runOne()) {
            assertThat(disk.syncs).hasValueLessThan(1000);
        }
    }

    @Test
    void commitLeavesItToTheOperatingSystem() {
        try (var fixture = open(OS)) {
            fixture.append(0, 500);
            fixture.commit();
            runAll();

            assertThat(disk.syncs).hasValue(0);
        }
    }

    @Test
    void commitWaitsForTheDiskOnceSoManyRecordsWereAppended() {
        try (var fixture = open(OS.withFlush(10, Long.MAX_VALUE))) {
            fixture.append(0, 9);
            fixture.commit();
            assertThat(disk.syncs).hasValue(0);

            fixture.append(9, 10);
            fixture.commit();
            assertThat(disk.syncs).hasValue(1);

            fixture.append(10, 19);
            fixture.commit();
            assertThat(disk.syncs).hasValue(1);
            fixture.append(19, 40);
            fixture.commit();
            assertThat(disk.syncs).hasValue(2);
        }
    }

    @Test
    void everyCommitWaitsWithOneRecord() {
        try (var fixture = open(OS.withFlush(1, Long.MAX_VALUE))) {
            for (var offset = 0; offset < 5; offset++) {
                fixture.append(offset, offset + 1);
                fixture.commit();
            }

            assertThat(disk.syncs).hasValue(5);
        }
    }

    @Test
    void whatWasAppendedGoesToDiskAfterSomeTime() {
        try (var fixture = open(OS.withFlush(Long.MAX_VALUE, 100))) {
            fixture.append(0, 5);
            fixture.commit();
            runAll();
            assertThat(disk.syncs).hasValue(0);

            seeded.fireTimers();
            runAll();

            assertThat(disk.syncs).hasValue(1);
            seeded.fireTimers();
            runAll();
            assertThat(disk.syncs).hasValue(1);
            fixture.append(5, 6);
            seeded.fireTimers();
            runAll();
            assertThat(disk.syncs).hasValue(2);
        }
    }

    @Test
    void limitsMayChange() {
        try (var fixture = open(OS)) {
            fixture.append(0, 5);
            fixture.commit();

            fixture.engine.configure(Fixture.ID, OS.withFlush(6, Long.MAX_VALUE));
            fixture.append(5, 6);
            fixture.commit();

            assertThat(disk.syncs).hasValue(1);
        }
    }
}
