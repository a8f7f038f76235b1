package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk fails each single call, one after the other and once each, while the process goes on: two logs with a journal. */
final class FaultAtEveryStepTest {

    private static final int MAX_STEPS = 2000;

    /** What a failed sync leaves for the next start. */
    private static final String SIGN = "sync-failed";

    private static final LogId OTHER = new LogId("orders", Fixture.ID.topicId(), 4);
    private static final Checkpoint STATE = new Checkpoint("state", 5, ByteBuffer.wrap(new byte[] {1, 2, 3}));

    @TempDir
    private Path root;

    /** Fails one call of some kinds, after so many that work. */
    private static final class FaultyDisk extends TestDisk {

        private final Set<Call> calls;
        private final String message;
        private int left;
        private @Nullable Path failed;

        FaultyDisk(Set<Call> calls, String message, int left) {
            this.calls = calls;
            this.message = message;
            this.left = left;
        }

        @Override
        void before(Call call, Path path) throws IOException {
            if (calls.contains(call) && left-- == 0) {
                failed = path;
                throw new FileSystemException(path.toString(), null, message);
            }
        }

        boolean hasFailed() {
            return failed != null;
        }

        /** Whether what could not be made durable is gone, or has a name that is given to what is written anew. */
        boolean isFailedOfNoUse() {
            return failed == null
                    || failed.toString().endsWith(SmallFiles.TEMPORARY)
                    || failed.toString().endsWith(LogFiles.UNFINISHED)
                    || !Files.exists(failed);
        }
    }

    private static Fixture open(Path directory, TestDisk disk) {
        var settings = ConfigValues.empty().with(FileStorage.JOURNAL_BYTES.name(), Long.toString(Journal.MIN_BYTES));
        return new Fixture(
                FileStorage.at(directory).on(disk), SMALL, new SeededRuntime(new Random(1)), settings, Fixture.ID);
    }

    private static PartitionLog openOther(Fixture fixture) {
        return fixture.finish(fixture.engine.open(OTHER, SMALL));
    }

    private static void append(PartitionLog log, long from, long to) {
        log.append(batches(from, to).stream().map(batch -> batch.toBatch()).toList());
    }

    private static void commit(Fixture fixture, PartitionLog other) {
        fixture.finish(fixture.engine.commit(List.of(fixture.log, other)));
    }

    private interface Step<T> {
        T take();
    }

    /** Takes a step, once more if there was no room for it. */
    private static <T> T take(Step<T> step) {
        try {
            return step.take();
        } catch (StorageException.Full e) {
            return step.take();
        }
    }

    private static void goOn(Runnable step) {
        take(() -> {
            step.run();
            return step;
        });
    }

    private static void appendAndCommit(Fixture fixture, PartitionLog other, long from, long to) {
        for (var offset = from; offset < to; offset += 6) {
            var next = offset;
            goOn(() -> append(fixture.log, next, next + 6));
            goOn(() -> append(other, next, next + 6));
            goOn(() -> commit(fixture, other));
            assertThat(fixture.log.offsets().durable()).isEqualTo(next + 6);
        }
    }

    private static void work(Fixture fixture, PartitionLog other) {
        appendAndCommit(fixture, other, 0, 18);
        goOn(() -> fixture.finish(fixture.log.advanceStart(12)));
        goOn(() -> fixture.finish(fixture.engine.checkpoints(Fixture.ID).save(STATE)));
        goOn(() -> fixture.finish(fixture.log.truncateTo(14)));
        goOn(() -> fixture.finish(other.truncateTo(14)));
        appendAndCommit(fixture, other, 14, 26);
        goOn(() -> append(fixture.log, 26, 45));
        goOn(() -> append(other, 26, 45));
        goOn(() -> commit(fixture, other));
    }

    private static void check(Fixture fixture, PartitionLog other) {
        assertThat(fixture.readAll()).isEqualTo(batches(12, 45));
        assertThat(fixture.readAll(other)).isEqualTo(batches(0, 45));
        assertThat(fixture.finish(fixture.engine.checkpoints(Fixture.ID).latest("state", 45)))
                .hasValueSatisfying(found -> assertThat(found.bytes()).isEqualTo(STATE.bytes()));
    }

    private static void check(Path directory) {
        try (var fixture = open(directory, new TestDisk())) {
            check(fixture, openOther(fixture));
        }
    }

    @Test
    void aCallForWhichThereIsNoRoomCostsNothingButATry() throws IOException {
        var calls = EnumSet.of(TestDisk.Call.CREATE, TestDisk.Call.WRITE, TestDisk.Call.RENAME);
        for (var step = 0; step < MAX_STEPS; step++) {
            var directory = root.resolve("run-" + step);
            var disk = new FaultyDisk(calls, "No space left on device", step);
            try (var fixture = take(() -> open(directory, disk))) {
                var other = take(() -> openOther(fixture));
                work(fixture, other);
                check(fixture, other);
                check(Fixture.copyOf(directory, root.resolve("crashed-" + step)));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("no room after " + step + " calls", e);
            }
            check(directory);
            if (!disk.hasFailed()) {
                return;
            }
        }
        throw new AssertionError("not through after " + MAX_STEPS + " calls");
    }

    /** A disk that has lost what it was to write may say next time that all is well. */
    @Test
    void aSyncThatFailsIsFinalAndWhatWasDurableBeforeIsThere() throws IOException {
        var calls = EnumSet.of(TestDisk.Call.SYNC, TestDisk.Call.SYNC_DIRECTORY);
        for (var step = 0; step < MAX_STEPS; step++) {
            var directory = root.resolve("run-" + step);
            var disk = new FaultyDisk(calls, "Input/output error", step);
            var durable = 0L;
            var hasFailedAtWork = false;
            try (var fixture = open(directory, disk)) {
                durable = workUntilOffline(fixture, directory);
                hasFailedAtWork = disk.hasFailed();
            } catch (StorageException.Offline e) {
                assertThat(disk.hasFailed()).isTrue();
            }
            if (!disk.hasFailed()) {
                return;
            }
            assertThat(!hasFailedAtWork || disk.isFailedOfNoUse() || Files.exists(directory.resolve(SIGN)))
                    .as("after %d syncs", step)
                    .isTrue();
            try (var fixture = open(directory, new TestDisk())) {
                var offsets = fixture.log.offsets();
                assertThat(offsets.end()).as("after %d syncs", step).isGreaterThanOrEqualTo(durable);
                assertThat(fixture.readAll()).isEqualTo(batches(offsets.start(), offsets.end()));
            }
        }
        throw new AssertionError("not through after " + MAX_STEPS + " syncs");
    }

    /** Gives what was durable when it ended. */
    private static long workUntilOffline(Fixture fixture, Path directory) {
        try {
            work(fixture, openOther(fixture));
        } catch (StorageException.Offline e) {
            if (Files.exists(directory.resolve(SIGN))) {
                var end = fixture.log.offsets().end();
                assertThatThrownBy(() -> append(fixture.log, end, end + 1))
                        .isInstanceOf(StorageException.Offline.class);
            }
        }
        return fixture.log.offsets().durable();
    }
}
