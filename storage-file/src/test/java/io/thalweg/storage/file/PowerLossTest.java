package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.storage.SampleBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random work on a disk that loses power at a random change, or under a process that is killed or stops, over and over. What was
 * committed is there, unchanged; what is there was appended. With one log, which is synced itself, and with several, which share the
 * journal.
 *
 * <p>The suite runs the same seeds each time, the long campaign others each time, {@code -Dschedules=} of them. A failure names its
 * seed; {@code -Dseed=} runs that one.
 */
final class PowerLossTest {

    private static final Path DIRECTORY = Path.of("/disk");
    private static final LogConfig CONFIG = new LogConfig(Durability.FSYNC, 700, 1_000_000, 0, 100, 400, false);

    /** A journal that is full after some commits, and indexes that are made durable every few batches. */
    private static final ConfigValues SETTINGS = ConfigValues.empty()
            .with(FileStorage.JOURNAL_BYTES.name(), Integer.toString(80 * 1024))
            .with(FileStorage.RECOVERY_BYTES.name(), "100");

    private static final int LIVES = 6;

    /** Of each long campaign. */
    private static final int SCHEDULES = Integer.getInteger("schedules", 50_000);

    /** What is known about a log across the losses of power. */
    private static final class Knowledge {

        private LogId id;
        private List<SampleBatch> appended = new ArrayList<>();
        private long durableEnd;
        private long start;
        private long end;

        /** Where a cut that was begun and not finished will end the log, or lets it begin. */
        private long cutting = Long.MAX_VALUE;

        private long starting;

        /** What the log holds if a replacement of segments that was begun has taken place. */
        private @Nullable List<SampleBatch> replaced;

        private boolean isDeleting;
        private int epoch;

        /** Up to where the checkpoint goes that was last saved. */
        private long saved = -1;

        Knowledge(LogId id) {
            this.id = id;
        }

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

        /** Nothing is there any more. */
        void forget() {
            appended = new ArrayList<>();
            durableEnd = 0;
            start = 0;
            end = 0;
            starting = 0;
            cutting = Long.MAX_VALUE;
            isDeleting = false;
            replaced = null;
            saved = -1;
        }
    }

    /** An engine between two ends of the world, with its logs. */
    private static final class Life implements AutoCloseable {

        private final Fixture fixture;
        private final SeededRuntime runtime;
        private final Random random;
        private final List<Knowledge> all;
        private final List<PartitionLog> logs = new ArrayList<>();

        Life(PowerLossDisk disk, List<Knowledge> all, Random random) {
            this.runtime = new SeededRuntime(random);
            this.random = random;
            this.all = all;
            var storage = FileStorage.at(DIRECTORY).on(disk);
            this.fixture = new Fixture(storage, CONFIG, runtime, SETTINGS, all.get(0).id);
            try {
                for (var known : all) {
                    logs.add(open(known));
                }
            } catch (RuntimeException | AssertionError e) {
                fixture.close();
                throw e;
            }
        }

        private PartitionLog open(Knowledge known) {
            return fixture.finish(fixture.engine.open(known.id, CONFIG));
        }

        void check() {
            for (var i = 0; i < all.size(); i++) {
                check(all.get(i), logs.get(i));
            }
        }

        private static List<SampleBatch> within(LogOffsets offsets, List<SampleBatch> batches) {
            return batches.stream()
                    .filter(batch -> batch.lastOffset() >= offsets.start() && batch.lastOffset() < offsets.end())
                    .toList();
        }

        /** Grows with the offset, but not from batch to batch, and is another one for another batch with that offset. */
        private static long timestamp(long baseOffset, int epoch) {
            return 10 * baseOffset + (37L * baseOffset + 101L * epoch) % 300;
        }

        /** Compares what is found with what is known, which is then known better. */
        private void check(Knowledge known, PartitionLog log) {
            var offsets = log.offsets();
            if (known.isDeleting && offsets.end() == 0) {
                known.forget();
            }
            assertThat(offsets.start()).isBetween(known.start, Math.max(known.start, known.starting));
            assertThat(offsets.end()).isGreaterThanOrEqualTo(known.leastEnd());
            assertThat(offsets.end()).isLessThanOrEqualTo(known.end);
            var found = fixture.readAll(log);
            var replaced = known.replaced;
            if (replaced == null || !found.equals(within(offsets, replaced))) {
                assertThat(found).isEqualTo(within(offsets, known.appended));
            }
            var latest = -1L;
            for (var batch : found) {
                // Only those can be found by their timestamps that none before them has reached.
                if (batch.maxTimestamp() > latest) {
                    latest = batch.maxTimestamp();
                    assertThat(fixture.finish(log.find(latest)))
                            .hasValue(Math.max(batch.baseOffset(), offsets.start()));
                }
            }
            var saved = fixture.finish(fixture.engine.checkpoints(known.id).latest("state", Long.MAX_VALUE));
            assertThat(saved.map(Checkpoint::offset).orElse(-1L)).isGreaterThanOrEqualTo(known.saved);
            known.start = offsets.start();
            known.starting = offsets.start();
            known.cutting = Long.MAX_VALUE;
            known.isDeleting = false;
            known.replaced = null;
            known.durableEnd = offsets.end();
            known.end = offsets.end();
            known.appended = new ArrayList<>(found);
        }

        void work() {
            var choice = random.nextInt(21);
            var one = random.nextInt(all.size());
            if (choice < 11) {
                append(all.get(one), logs.get(one));
            } else if (choice < 16) {
                commit();
            } else if (choice == 16) {
                truncate(all.get(one), logs.get(one));
            } else if (choice == 17) {
                advance(all.get(one), logs.get(one));
            } else if (choice == 18) {
                rollOrReplace(all.get(one), (SegmentedLog) logs.get(one));
            } else if (choice == 19) {
                save(all.get(one));
            } else if (random.nextInt(4) == 0) {
                reopen(one);
            }
        }

        /** Lets some of what waits happen. */
        void pass() {
            if (random.nextInt(20) == 0) {
                runtime.fireTimers();
            }
            while (random.nextBoolean() && runtime.runOne()) {
                // As much as the seed lets happen.
            }
        }

        private void append(Knowledge known, PartitionLog log) {
            var batches = new ArrayList<SampleBatch>();
            var offset = known.end;
            for (var i = random.nextInt(3); i >= 0; i--) {
                var base = offset + (random.nextInt(6) == 0 ? random.nextInt(20) : 0);
                var records = 1 + random.nextInt(2);
                batches.add(SampleBatch.of(
                        base,
                        records,
                        known.epoch++,
                        timestamp(base, known.epoch),
                        random.nextInt(200),
                        random.nextLong()));
                offset = base + records;
            }
            // Noted first: what a failed append wrote may be found later.
            known.appended.addAll(batches);
            known.end = offset;
            log.append(batches.stream().map(SampleBatch::toBatch).toList());
        }

        /** Of all logs, or of one. */
        private void commit() {
            if (random.nextInt(4) == 0) {
                var one = random.nextInt(all.size());
                fixture.finish(fixture.engine.commit(List.of(logs.get(one))));
                all.get(one).durableEnd = all.get(one).end;
            } else {
                fixture.finish(fixture.engine.commit(logs));
                all.forEach(known -> known.durableEnd = known.end);
            }
            for (var i = 0; i < logs.size(); i++) {
                assertThat(logs.get(i).offsets().durable()).isGreaterThanOrEqualTo(all.get(i).durableEnd);
            }
        }

        private void truncate(Knowledge known, PartitionLog log) {
            var asked = known.start + random.nextInt((int) (known.end - known.start) + 1);
            var end = Math.max(
                    known.start,
                    known.appended.stream()
                            .filter(batch -> batch.baseOffset() < asked && batch.lastOffset() >= asked)
                            .mapToLong(SampleBatch::baseOffset)
                            .findAny()
                            .orElse(asked));
            known.cutting = end;
            fixture.finish(log.truncateTo(asked));
            known.cutting = Long.MAX_VALUE;
            known.appended.removeIf(batch -> batch.lastOffset() >= end);
            known.end = end;
            known.durableEnd = Math.min(known.durableEnd, end);
            assertThat(log.offsets().end()).isEqualTo(end);
        }

        private void advance(Knowledge known, PartitionLog log) {
            var start = known.start + random.nextInt((int) (known.end - known.start) + 1);
            known.starting = start;
            fixture.finish(log.advanceStart(start));
            known.start = start;
            known.appended.removeIf(batch -> batch.lastOffset() < start);
            known.durableEnd = Math.max(known.durableEnd, start);
        }

        private void rollOrReplace(Knowledge known, SegmentedLog log) {
            if (random.nextInt(3) == 0) {
                log.roll();
            }
            var closed = log.segments().size() - 1;
            if (closed > 0) {
                var first = random.nextInt(closed);
                var last = first + random.nextInt(Math.min(3, closed - first));
                var firstOffset = log.segments().get(first).baseOffset();
                replace(known, log, firstOffset, log.segments().get(last).endOffset());
            }
        }

        private void replace(Knowledge known, SegmentedLog log, long first, long end) {
            var removed = known.appended.stream()
                    .filter(batch -> batch.baseOffset() >= first && batch.lastOffset() < end && random.nextBoolean())
                    .toList();
            var left = new ArrayList<>(known.appended);
            left.removeAll(removed);
            try (var replacement = log.replace(first, end)) {
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

        private void save(Knowledge known) {
            var offset = known.end;
            fixture.finish(fixture.engine
                    .checkpoints(known.id)
                    .save(new Checkpoint("state", offset, ByteBuffer.allocate(Long.BYTES))));
            known.saved = offset;
        }

        /** Closes a log, or deletes it and makes another of its name. */
        private void reopen(int one) {
            var known = all.get(one);
            if (random.nextBoolean()) {
                logs.get(one).close();
                logs.set(one, open(known));
                known.durableEnd = known.end;
            } else {
                known.isDeleting = true;
                fixture.finish(fixture.engine.delete(known.id));
                known.forget();
                known.id = new LogId(
                        known.id.topic(), new UUID(random.nextLong(), random.nextLong()), known.id.partition());
                logs.set(one, open(known));
            }
        }

        @Override
        public void close() {
            fixture.close();
        }
    }

    @Test
    void whatWasCommittedOutlivesPowerLoss() {
        run(1, Long.getLong("seed", 1), Long.getLong("seed") == null ? 250 : 1);
    }

    @Test
    void whatTheJournalHoldsOutlivesPowerLoss() {
        run(3, Long.getLong("seed", 1), Long.getLong("seed") == null ? 200 : 1);
    }

    /** A process died after it had put back a journal and made it useless, but before that was durable. */
    @Test
    void journalThatWasPutBackOnceDoesNotComeAgain() {
        run(3, 1_033_342, 1);
    }

    /** The indexes of a segment were taken for durable because those of the one after it were. */
    @Test
    void indexPointSpeaksOfOneSegment() {
        run(3, -1_684_992_867, 1);
    }

    /** Indexes were cut to be built anew, and believed again once the recovery point had passed their old end. */
    @Test
    void indexesThatAreWrittenOverAreNotBelieved() {
        run(3, 8_004_026, 1);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatWasCommittedOutlivesPowerLossManyTimes() {
        campaign(1);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void whatTheJournalHoldsOutlivesPowerLossManyTimes() {
        campaign(3);
    }

    private static void campaign(int logCount) {
        var firstSeed = new Random().nextInt();
        run(logCount, firstSeed, SCHEDULES);
        System.out.println(SCHEDULES + " schedules with " + logCount + " logs from seed " + firstSeed + " on");
    }

    private static void run(int logCount, long firstSeed, int count) {
        for (var seed = firstSeed; seed < firstSeed + count; seed++) {
            try {
                liveAndDie(logCount, new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " with " + logCount + " logs", e);
            }
        }
    }

    private static void liveAndDie(int logCount, Random random) {
        var all = new ArrayList<Knowledge>();
        for (var i = 0; i < logCount; i++) {
            all.add(new Knowledge(new LogId("orders", Fixture.ID.topicId(), Fixture.ID.partition() + i)));
        }
        var changesLeft = 60 + 60 * logCount;
        var disk = new PowerLossDisk(random.nextInt(changesLeft));
        for (var number = 0; number < LIVES; number++) {
            try (var life = new Life(disk, all, random)) {
                life.check();
                while (!disk.isDead() && random.nextInt(60) > 0) {
                    life.work();
                    life.pass();
                }
            } catch (StorageException e) {
                assertThat(disk.isDead()).as("%s", e).isTrue();
            }
            if (disk.isDead()) {
                var changes = random.nextInt(changesLeft);
                disk = random.nextInt(3) == 0 ? disk.afterKill(changes) : disk.afterPowerLoss(random, changes);
            }
        }
        try (var life = new Life(disk.afterPowerLoss(random, Integer.MAX_VALUE), all, random)) {
            life.check();
        }
    }
}
