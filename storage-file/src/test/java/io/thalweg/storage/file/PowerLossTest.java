package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.storage.SampleBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random work on a disk that loses power at a random change, or under a process that is killed or stops, over and over. What was
 * committed is there, unchanged; what is there was appended.
 *
 * <p>The suite runs the same seeds each time, the long campaign others each time. A failure names its seed; {@code -Dseed=} runs
 * that one.
 */
final class PowerLossTest {

    private static final Path DIRECTORY = Path.of("/disk");
    private static final LogConfig CONFIG = new LogConfig(Durability.FSYNC, 700, 1_000_000, 0, 100, 400, false);
    private static final int LIVES = 6;

    /** What is known about the log across the losses of power. */
    private static final class Knowledge {

        private List<SampleBatch> appended = new ArrayList<>();
        private long durableEnd;
        private long start;
        private long end;

        /** Where a cut that was begun and not finished will end the log, or lets it begin. */
        private long cutting = Long.MAX_VALUE;

        private long starting;

        /** What the log holds if a replacement of segments that was begun has taken place. */
        private @Nullable List<SampleBatch> replaced;

        private int epoch;

        /** Up to where the checkpoint goes that was last saved. */
        private long saved = -1;

        /** The least end that a loss of power may leave; what lies in a gap goes unnoticed while a cut is on. */
        long leastEnd() {
            if (cutting == Long.MAX_VALUE) {
                return durableEnd;
            }
            return appended.stream()
                    .mapToLong(batch -> batch.lastOffset() + 1)
                    .filter(each -> each <= Math.min(durableEnd, cutting))
                    .reduce(start, Math::max);
        }
    }

    @Test
    void whatWasCommittedOutlivesPowerLoss() {
        run(Long.getLong("seed", 1), Long.getLong("seed") == null ? 400 : 1);
    }

    @Test
    @Tag("slow")
    void whatWasCommittedOutlivesPowerLossManyTimes() {
        run(new Random().nextInt(), 50_000);
    }

    private static void run(long firstSeed, int count) {
        for (var seed = firstSeed; seed < firstSeed + count; seed++) {
            try {
                liveAndDie(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void liveAndDie(Random random) {
        var known = new Knowledge();
        var disk = new PowerLossDisk(random.nextInt(120));
        for (var life = 0; life < LIVES; life++) {
            var runtime = new SeededRuntime(random);
            try (var fixture = new Fixture(DIRECTORY, disk, CONFIG, runtime)) {
                check(fixture, known);
                while (!disk.isDead() && random.nextInt(60) > 0) {
                    work(fixture, known, random);
                    pass(runtime, random);
                }
            } catch (StorageException e) {
                assertThat(disk.isDead()).as("%s", e).isTrue();
            }
            if (disk.isDead()) {
                var changes = random.nextInt(120);
                disk = random.nextInt(3) == 0 ? disk.afterKill(changes) : disk.afterPowerLoss(random, changes);
            }
        }
        try (var fixture = new Fixture(
                DIRECTORY, disk.afterPowerLoss(random, Integer.MAX_VALUE), CONFIG, new SeededRuntime(random))) {
            check(fixture, known);
        }
    }

    /** Lets some of what waits happen. */
    private static void pass(SeededRuntime runtime, Random random) {
        if (random.nextInt(20) == 0) {
            runtime.fireTimers();
        }
        while (random.nextBoolean() && runtime.runOne()) {
            // As much as the seed lets happen.
        }
    }

    private static void work(Fixture fixture, Knowledge known, Random random) {
        var choice = random.nextInt(21);
        if (choice < 12) {
            append(fixture, known, random);
        } else if (choice < 17) {
            fixture.commit();
            known.durableEnd = known.end;
        } else if (choice == 17) {
            truncate(fixture, known, random);
        } else if (choice == 18) {
            advance(fixture, known, random);
        } else if (choice == 19) {
            rollOrReplace(fixture, known, random);
        } else {
            save(fixture, known);
        }
    }

    private static void append(Fixture fixture, Knowledge known, Random random) {
        var batches = new ArrayList<SampleBatch>();
        var offset = known.end;
        for (var i = random.nextInt(3); i >= 0; i--) {
            var base = offset + (random.nextInt(6) == 0 ? random.nextInt(20) : 0);
            var records = 1 + random.nextInt(2);
            batches.add(SampleBatch.of(base, records, known.epoch++, base, random.nextInt(200), random.nextLong()));
            offset = base + records;
        }
        // Noted first: what a failed append wrote may be found later.
        known.appended.addAll(batches);
        known.end = offset;
        fixture.log.append(batches.stream().map(SampleBatch::toBatch).toList());
    }

    private static void truncate(Fixture fixture, Knowledge known, Random random) {
        var asked = known.start + random.nextInt((int) (known.end - known.start) + 1);
        var end = Math.max(
                known.start,
                known.appended.stream()
                        .filter(batch -> batch.baseOffset() < asked && batch.lastOffset() >= asked)
                        .mapToLong(SampleBatch::baseOffset)
                        .findAny()
                        .orElse(asked));
        known.cutting = end;
        fixture.finish(fixture.log.truncateTo(asked));
        known.cutting = Long.MAX_VALUE;
        known.appended.removeIf(batch -> batch.lastOffset() >= end);
        known.end = end;
        known.durableEnd = Math.min(known.durableEnd, end);
        assertThat(fixture.log.offsets().end()).isEqualTo(end);
    }

    private static void advance(Fixture fixture, Knowledge known, Random random) {
        var start = known.start + random.nextInt((int) (known.end - known.start) + 1);
        known.starting = start;
        fixture.finish(fixture.log.advanceStart(start));
        known.start = start;
        known.appended.removeIf(batch -> batch.lastOffset() < start);
        known.durableEnd = Math.max(known.durableEnd, start);
    }

    private static void rollOrReplace(Fixture fixture, Knowledge known, Random random) {
        var log = (SegmentedLog) fixture.log;
        if (random.nextInt(3) == 0) {
            log.roll();
        }
        var closed = log.segments().size() - 1;
        if (closed > 0) {
            var first = random.nextInt(closed);
            var last = first + random.nextInt(Math.min(3, closed - first));
            var firstOffset = log.segments().get(first).baseOffset();
            replace(fixture, known, firstOffset, log.segments().get(last).endOffset(), random);
        }
    }

    private static void replace(Fixture fixture, Knowledge known, long first, long end, Random random) {
        var removed = known.appended.stream()
                .filter(batch -> batch.baseOffset() >= first && batch.lastOffset() < end && random.nextBoolean())
                .toList();
        var left = new ArrayList<>(known.appended);
        left.removeAll(removed);
        try (var replacement = ((SegmentedLog) fixture.log).replace(first, end)) {
            for (var batch : left) {
                if (batch.baseOffset() >= first && batch.lastOffset() < end) {
                    fixture.finish(replacement.append(List.of(batch.toBatch())));
                }
            }
            known.replaced = left;
            fixture.finish(replacement.finish());
        }
        known.appended = left;
        known.replaced = null;
        known.durableEnd = known.end;
    }

    private static void save(Fixture fixture, Knowledge known) {
        var offset = known.end;
        fixture.finish(fixture.engine
                .checkpoints(Fixture.ID)
                .save(new Checkpoint("state", offset, ByteBuffer.allocate(Long.BYTES))));
        known.saved = offset;
    }

    private static List<SampleBatch> within(LogOffsets offsets, List<SampleBatch> batches) {
        return batches.stream()
                .filter(batch -> batch.lastOffset() >= offsets.start() && batch.lastOffset() < offsets.end())
                .toList();
    }

    /** Compares what is found with what is known, which is then known better. */
    private static void check(Fixture fixture, Knowledge known) {
        var offsets = fixture.log.offsets();
        assertThat(offsets.start()).isBetween(known.start, Math.max(known.start, known.starting));
        assertThat(offsets.end()).isGreaterThanOrEqualTo(known.leastEnd());
        assertThat(offsets.end()).isLessThanOrEqualTo(known.end);
        var found = fixture.readAll();
        var replaced = known.replaced;
        if (replaced == null || !found.equals(within(offsets, replaced))) {
            assertThat(found).isEqualTo(within(offsets, known.appended));
        }
        for (var batch : found) {
            assertThat(fixture.finish(fixture.log.find(batch.baseOffset())))
                    .hasValue(Math.max(batch.baseOffset(), offsets.start()));
        }
        var saved = fixture.finish(fixture.engine.checkpoints(Fixture.ID).latest("state", Long.MAX_VALUE));
        assertThat(saved.map(Checkpoint::offset).orElse(-1L)).isGreaterThanOrEqualTo(known.saved);
        known.start = offsets.start();
        known.starting = offsets.start();
        known.replaced = null;
        known.cutting = Long.MAX_VALUE;
        known.durableEnd = offsets.end();
        known.end = offsets.end();
        known.appended = new ArrayList<>(found);
    }
}
