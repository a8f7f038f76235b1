package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random operations on a log and on a list that keeps the same promises; after each, both say the same.
 *
 * <p>The suite runs the same seed each time, the long campaign others each time. A failure names the seed, and the operations that are
 * left when all are left out that it needs not; {@code -Dseed=} runs one alone.
 */
abstract class ModelSuite extends StorageSuite {

    private static final int OPERATIONS = 1500;
    private static final int LONG_RUNS = 200;

    /** How often a run that failed is tried with less of it. */
    private static final int TRIES = 400;

    private static final int SHOWN_OPERATIONS = 30;

    private LogModel model = new LogModel();
    private final List<String> history = new ArrayList<>();
    private int epoch;

    @Test
    void logDoesAsTheModelDoes() {
        run(Long.getLong("seed", 1));
    }

    @Test
    @Tag("slow")
    void logDoesAsTheModelDoesForManySeeds() {
        long first = new Random().nextInt();
        for (var seed = first; seed < first + LONG_RUNS; seed++) {
            run(seed);
        }
    }

    private void run(long seed) {
        var failure = failureOf(new Random(seed).longs(OPERATIONS).boxed().toList());
        if (failure != null) {
            var least = least(failure);
            var operations = least.operations();
            throw new AssertionError(
                    "seed " + seed + " fails with " + operations.size() + " operations, the last ones "
                            + operations.subList(Math.max(0, operations.size() - SHOWN_OPERATIONS), operations.size()),
                    least.cause());
        }
    }

    /**
     * A run that failed.
     *
     * @param steps the seeds of its operations up to the one that failed
     * @param operations what they were
     */
    private record Failure(List<Long> steps, List<String> operations, Throwable cause) {

        /** One that waited in vain would wait as long in each run, and the engine need not get over it. */
        boolean canBeTriedAgain() {
            return !(cause.getCause() instanceof TimeoutException);
        }
    }

    private @Nullable Failure failureOf(List<Long> steps) {
        Stages.await(engine.delete(StorageRig.ID));
        log = rig.open(StorageRig.ID, SMALL);
        model = new LogModel();
        history.clear();
        epoch = 0;
        for (var i = 0; i < steps.size(); i++) {
            var random = new Random(steps.get(i));
            try {
                step(random);
                compare(random);
            } catch (RuntimeException | AssertionError e) {
                return new Failure(steps.subList(0, i + 1), List.copyOf(history), e);
            }
        }
        return null;
    }

    /** Leaves out ever smaller parts, as long as the rest fails too. */
    private Failure least(Failure found) {
        var least = found;
        var tries = 0;
        try {
            for (var size = found.steps().size() / 2; size > 0; size /= 2) {
                for (var from = 0; from < least.steps().size() && tries < TRIES && least.canBeTriedAgain(); tries++) {
                    var failure = failureOf(without(least.steps(), from, size));
                    least = failure != null ? failure : least;
                    from += failure != null ? 0 : size;
                }
            }
        } catch (RuntimeException | AssertionError e) {
            // The engine takes no more.
            least.cause().addSuppressed(e);
        }
        return least;
    }

    private static List<Long> without(List<Long> steps, int from, int size) {
        var rest = new ArrayList<>(steps);
        rest.subList(from, Math.min(steps.size(), from + size)).clear();
        return rest;
    }

    private void step(Random random) {
        var choice = random.nextInt(100);
        if (choice < 60) {
            appendSome(random);
        } else if (choice < 68) {
            var end = somewhere(random);
            note("truncateTo " + end);
            Stages.await(log.truncateTo(end));
            model.truncateTo(end);
        } else if (choice < 76) {
            var start = somewhere(random);
            note("advanceStart " + start);
            Stages.await(log.advanceStart(start));
            model.advanceStart(start);
        } else if (choice < 89) {
            note("commit");
            commit();
            assertThat(log.offsets().durable()).as("durable").isEqualTo(model.end());
        } else if (choice < 93) {
            note("restart");
            restart();
        } else if (choice < 97) {
            rollOrReplace(random);
        } else if (choice < 98) {
            note("close and open");
            log.close();
            log = rig.open(StorageRig.ID, SMALL);
        } else {
            crashOrConfigure(random);
        }
    }

    private void rollOrReplace(Random random) {
        if (!rig.can(StorageAbility.SEGMENTS)) {
            return;
        }
        var segmented = (SegmentedLog) log;
        if (random.nextInt(3) == 0) {
            note("roll");
            segmented.roll();
        }
        var closed = segmented.segments().size() - 1;
        if (closed > 0) {
            var first = random.nextInt(closed);
            var last = first + random.nextInt(Math.min(4, closed - first));
            replace(
                    segmented,
                    segmented.segments().get(first).baseOffset(),
                    segmented.segments().get(last).endOffset(),
                    random);
        }
    }

    private void replace(SegmentedLog segmented, long first, long end, Random random) {
        var kept = model.read(first, end).stream()
                .filter(batch -> batch.baseOffset() >= first && random.nextInt(3) > 0)
                .toList();
        note("replace " + first + " to " + end + " by " + kept);
        try (var replacement = segmented.replace(first, end)) {
            for (var batch : kept) {
                Stages.await(replacement.append(List.of(batch.toBatch())));
            }
            Stages.await(replacement.finish());
        }
        model.replace(first, end, kept);
    }

    private void crashOrConfigure(Random random) {
        if (rig.can(StorageAbility.SURVIVES_CRASH) && random.nextBoolean()) {
            note("commit and crash");
            commit();
            rig.crash();
            adopt(rig);
        } else {
            var bytes = 500 + random.nextInt(4000);
            note("segmentBytes " + bytes);
            engine.configure(
                    StorageRig.ID,
                    new LogConfig(SMALL.durability(), bytes, 1_000_000, 0, 1 + random.nextInt(500), 1024, false));
        }
    }

    private void appendSome(Random random) {
        var added = new ArrayList<SampleBatch>();
        var offset = model.end();
        for (var count = 1 + random.nextInt(4); count > 0; count--) {
            offset += random.nextInt(10) == 0 ? random.nextInt(50) : 0;
            var batch = SampleBatch.of(
                    offset,
                    1 + random.nextInt(5),
                    epoch++,
                    random.nextInt(1000),
                    random.nextInt(700),
                    random.nextLong());
            added.add(batch);
            offset = batch.lastOffset() + 1;
        }
        note("append " + added);
        log.append(added.stream().map(SampleBatch::toBatch).toList());
        model.append(added);
    }

    /** An offset in the log, or a little outside of it. */
    private long somewhere(Random random) {
        var length = (int) Math.min(400, model.end() - model.start()) + 10;
        return Math.max(0, model.end() + 5 - random.nextInt(length + 5));
    }

    private void compare(Random random) {
        assertThat(log.offsets().start()).as("start").isEqualTo(model.start());
        assertThat(log.offsets().end()).as("end").isEqualTo(model.end());
        assertThat(log.offsets().durable()).as("durable").isLessThanOrEqualTo(model.end());
        var from = somewhere(random);
        if (from < model.start() || from > model.end()) {
            assertThatThrownBy(() -> read(from, Long.MAX_VALUE, 100)).isInstanceOf(StorageException.OutOfRange.class);
            return;
        }
        var upTo = from + random.nextInt(200);
        assertThat(LogReader.readAll(log, from, upTo))
                .as("read from %d up to %d", from, upTo)
                .isEqualTo(model.read(from, upTo));
        var maxBytes = random.nextInt(3000);
        var some = read(from, upTo, maxBytes);
        assertThat(model.read(from, upTo))
                .as("read from %d up to %d of at most %d bytes", from, upTo, maxBytes)
                .startsWith(some.toArray(SampleBatch[]::new));
        assertThat(some.size() <= 1 || bytes(some) <= maxBytes)
                .as("%d bytes read of at most %d", bytes(some), maxBytes)
                .isTrue();
        var timestamp = random.nextInt(1100);
        assertThat(Stages.await(log.find(timestamp)))
                .as("find of time %d", timestamp)
                .isEqualTo(model.find(timestamp));
    }

    private static int bytes(List<SampleBatch> batches) {
        return batches.stream().mapToInt(SampleBatch::sizeInBytes).sum();
    }

    private void note(String operation) {
        history.add(operation);
    }
}
