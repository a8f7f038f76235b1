package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process dies at each single change of the disk, one after the other; what was promised before is there afterwards. */
final class CrashAtEveryStepTest {

    private static final int MAX_STEPS = 2000;

    @TempDir
    private Path root;

    /** Works for so many changes, and from then on not at all. */
    private static final class DyingDisk extends TestDisk {

        private final AtomicInteger left;

        DyingDisk(int steps) {
            left = new AtomicInteger(steps);
        }

        @Override
        void before(Call call, Path path) throws IOException {
            if (left.decrementAndGet() < 0) {
                throw new IOException("the process is dead");
            }
        }

        boolean isDead() {
            return left.get() < 0;
        }
    }

    /** What the log promised before the process died. */
    private static final class Promised {
        private long durableEnd;
        private long durableStart;
        private boolean isCutting;

        /** What a replacement takes away, and whether it has. */
        private List<SampleBatch> removed = List.of();

        private boolean areRemoved;

        void check(List<SampleBatch> found, LogOffsets offsets) {
            var all = new ArrayList<>(batches(offsets.start(), offsets.end()));
            if (areRemoved || (!found.equals(all) && !removed.isEmpty())) {
                all.removeAll(removed);
            }
            assertThat(found).isEqualTo(all);
        }
    }

    private interface Script {
        void run(Fixture fixture, Promised promised);
    }

    /** Runs the script until it gets through, dying one step later each time. */
    private void dieAtEveryStep(Script script) {
        for (var steps = 0; steps < MAX_STEPS; steps++) {
            var directory = root.resolve("run-" + steps);
            var disk = new DyingDisk(steps);
            var promised = new Promised();
            try (var fixture = new Fixture(directory, disk)) {
                script.run(fixture, promised);
            } catch (StorageException e) {
                assertThat(disk.isDead()).as("after %d steps: %s", steps, e).isTrue();
            }
            check(directory, promised, steps);
            if (!disk.isDead()) {
                return;
            }
        }
        throw new AssertionError("the script is not through after " + MAX_STEPS + " steps");
    }

    private static void check(Path directory, Promised promised, int steps) {
        for (var again = 0; again < 2; again++) {
            try (var fixture = new Fixture(directory, new TestDisk())) {
                var offsets = fixture.log.offsets();
                var found = fixture.readAll();
                promised.check(found, offsets);
                assertThat(offsets.start()).as("after %d steps", steps).isGreaterThanOrEqualTo(promised.durableStart);
                if (!promised.isCutting) {
                    assertThat(offsets.end()).as("after %d steps", steps).isGreaterThanOrEqualTo(promised.durableEnd);
                }
            }
        }
    }

    @Test
    void appendsAndRollsKeepWhatWasCommitted() {
        dieAtEveryStep((fixture, promised) -> {
            for (var offset = 0L; offset < 33; offset += 3) {
                fixture.append(offset, offset + 3);
                fixture.commit();
                promised.durableEnd = offset + 3;
            }
        });
    }

    @Test
    void startAdvancesKeepTheirStart() {
        dieAtEveryStep((fixture, promised) -> {
            fixture.append(0, 35);
            fixture.commit();
            promised.durableEnd = 35;
            for (var start = 5; start < 35; start += 12) {
                Fixture.await(fixture.log.advanceStart(start));
                promised.durableStart = start;
            }
            Fixture.await(fixture.log.advanceStart(35));
            promised.durableStart = 35;
            fixture.append(35, 37);
            fixture.commit();
            promised.durableEnd = 37;
        });
    }

    @Test
    void truncationsLeaveTheOldEndOrTheNewOne() {
        dieAtEveryStep((fixture, promised) -> {
            fixture.append(0, 35);
            fixture.commit();
            promised.durableEnd = 35;
            for (var end = 34; end > 0; end -= 11) {
                promised.durableEnd = end;
                Fixture.await(fixture.log.truncateTo(end));
                assertThat(fixture.log.offsets().end()).isEqualTo(end);
            }
            fixture.append(1, 13);
            fixture.commit();
            promised.durableEnd = 13;
        });
    }

    @Test
    void replacementOfSegmentsIsWholeOrNotAtAll() {
        dieAtEveryStep((fixture, promised) -> {
            fixture.append(0, 35);
            fixture.commit();
            promised.durableEnd = 35;
            promised.removed = batches(4, 30);
            try (var replacement = ((SegmentedLog) fixture.log).replace(0, 30)) {
                for (var batch : batches(0, 4)) {
                    Fixture.await(replacement.append(List.of(batch.toBatch())));
                }
                Fixture.await(replacement.finish());
            }
            promised.areRemoved = true;
            fixture.append(35, 37);
            fixture.commit();
            promised.durableEnd = 37;
        });
    }

    @Test
    void deletionIsWholeOrNotAtAll() {
        dieAtEveryStep((fixture, promised) -> {
            fixture.append(0, 25);
            fixture.commit();
            promised.isCutting = true;
            Fixture.await(fixture.engine.delete(Fixture.ID));
            assertThat(fixture.engine.logs()).isEmpty();
        });
    }

    @Test
    void checkpointsAreWholeOrNotThere() {
        dieAtEveryStep((fixture, promised) -> {
            var checkpoints = fixture.engine.checkpoints(Fixture.ID);
            for (var i = 0; i < 4; i++) {
                Fixture.await(checkpoints.save(new Checkpoint("producers", i, ByteBuffer.wrap(new byte[] {1, 2, 3}))));
                var found = Fixture.await(checkpoints.latest("producers", i));
                assertThat(found.orElseThrow().offset()).isEqualTo(i);
            }
        });
    }
}
