package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static io.thalweg.storage.file.Fixture.await;
import static io.thalweg.storage.file.Fixture.batches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log on its way from one directory to another. */
final class FileMoveTest {

    private static final int MAX_STEPS = 400;

    @TempDir
    private Path root;

    private final RealRuntime runtime = new RealRuntime();
    private final BreakableDisk disk = new BreakableDisk();
    private Path first = Path.of("");
    private Path second = Path.of("");

    @BeforeEach
    void name() {
        first = root.resolve("first");
        second = root.resolve("second");
    }

    @AfterEach
    void stop() {
        runtime.close();
    }

    /** A disk that stops working, whole, after so many steps, or in one place. */
    private static final class BreakableDisk extends TestDisk {

        private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        private volatile @Nullable Path broken;
        private volatile @Nullable Path stuck;

        @Override
        void before(Call call, Path path) throws IOException {
            var gone = broken;
            var isStuck = call == Call.RENAME && path.equals(stuck);
            if (left.decrementAndGet() < 0 || isStuck || (gone != null && path.startsWith(gone))) {
                throw new IOException(path + ": Input/output error");
            }
        }

        boolean isDead() {
            return left.get() < 0;
        }
    }

    private PlacedEngine open() {
        return open(disk, first, second);
    }

    private PlacedEngine open(TestDisk on, Path one, Path other) {
        var context = new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random());
        return (PlacedEngine) FileStorage.at(one, other).on(on).open(context);
    }

    private static PartitionLog log(PlacedEngine engine) {
        return await(engine.open(Fixture.ID, SMALL));
    }

    private static void append(PlacedEngine engine, long from, long to) {
        var log = log(engine);
        batches(from, to).forEach(batch -> log.append(List.of(batch.toBatch())));
        await(engine.commit(List.of(log)));
    }

    private static List<SampleBatch> read(PlacedEngine engine) {
        var log = log(engine);
        var found = new ArrayList<SampleBatch>();
        for (var next = log.offsets().start(); next < log.offsets().end(); ) {
            var some = SampleBatch.in(await(log.read(next, Long.MAX_VALUE, 350)));
            found.addAll(some);
            next = some.get(some.size() - 1).lastOffset() + 1;
        }
        return found;
    }

    private PlacedEngine.Move copied(PlacedEngine engine) {
        var move = engine.move(Fixture.ID, second, 0);
        await(move.copied());
        return move;
    }

    private void assertIsIn(Path place) {
        var other = place.equals(first) ? second : first;
        assertThat(place).isDirectoryContaining("glob:**/orders-3").isDirectoryNotContaining("glob:**/orders-3.*");
        assertThat(other).isDirectoryNotContaining("glob:**/orders-3*");
    }

    @Test
    void logIsThereWithAllThatCameMeanwhile() {
        try (var engine = open()) {
            append(engine, 0, 35);
            await(engine.checkpoints(Fixture.ID).save(new Checkpoint("note", 20, ByteBuffer.allocate(3))));
            await(log(engine).advanceStart(12));
            var move = copied(engine);
            append(engine, 35, 47);

            await(move.finish());

            assertIsIn(second);
            assertThat(read(engine)).isEqualTo(batches(12, 47));
            append(engine, 47, 60);
            assertThat(await(engine.checkpoints(Fixture.ID).latest("note", 60))).isPresent();
        }
        try (var engine = open()) {
            assertThat(read(engine)).isEqualTo(batches(12, 60));
            assertIsIn(second);
        }
    }

    @Test
    void logMovesThereAndBackAndThereAgain() {
        try (var engine = open()) {
            append(engine, 0, 35);
            for (var place : List.of(second, first, second)) {
                var move = engine.move(Fixture.ID, place, 0);
                await(move.copied());
                await(move.finish());
                assertIsIn(place);
                var end = log(engine).offsets().end();
                append(engine, end, end + 7);
                await(engine.checkpoints(Fixture.ID).save(new Checkpoint("note", end, ByteBuffer.allocate(3))));
            }
        }
        assertIsIn(second);
        try (var engine = open()) {
            assertThat(read(engine)).isEqualTo(batches(0, 56));
            assertIsIn(second);
        }
    }

    @Test
    void copyShowsInTheOtherDirectoryWithItsLag() {
        try (var engine = open()) {
            append(engine, 0, 35);
            copied(engine);
            append(engine, 35, 40);

            var images = await(engine.directories());

            assertThat(images.get(0).logs()).singleElement().satisfies(held -> {
                assertThat(held.isCopy()).isFalse();
                assertThat(held.sizeInBytes()).isEqualTo(4000);
            });
            assertThat(images.get(1).logs()).singleElement().satisfies(held -> {
                assertThat(held.isCopy()).isTrue();
                assertThat(held.lagOffsets()).isPositive();
            });
        }
    }

    @Test
    void segmentsThatWereCutOrReplacedMeanwhileAreCopiedAnew() {
        try (var engine = open()) {
            append(engine, 0, 35);
            var move = copied(engine);
            await(log(engine).truncateTo(33));
            var other = SampleBatch.of(33, 1, 7, Fixture.BATCH_BYTES - SampleBatch.HEADER_BYTES);
            log(engine).append(List.of(other.toBatch()));
            var replaced = ((SegmentedLog) log(engine)).segments().get(1);
            try (var replacement = ((SegmentedLog) log(engine)).replace(replaced.baseOffset(), replaced.endOffset())) {
                await(replacement.append(List.of(batches(replaced.baseOffset(), replaced.baseOffset() + 1)
                        .get(0)
                        .toBatch())));
                await(replacement.finish());
            }
            var expected = read(engine);
            assertThat(expected).contains(other).hasSizeLessThan(34);

            await(move.finish());

            assertThat(read(engine)).isEqualTo(expected);
        }
        try (var engine = open()) {
            assertThat(read(engine)).contains(SampleBatch.of(33, 1, 7, Fixture.BATCH_BYTES - SampleBatch.HEADER_BYTES));
        }
    }

    @Test
    void moveThatIsClosedLeavesNothing() {
        try (var engine = open()) {
            append(engine, 0, 35);
            var move = copied(engine);

            move.close();

            assertThatThrownBy(move::finish).isInstanceOf(IllegalStateException.class);
            append(engine, 35, 36);
            await(copied(engine).finish());
            assertThat(read(engine)).isEqualTo(batches(0, 36));
        }
        assertIsIn(second);
    }

    @Test
    void logThatIsDeletedIsGoneFromBoth() {
        try (var engine = open()) {
            append(engine, 0, 35);
            copied(engine);

            await(engine.delete(Fixture.ID));
        }
        try (var engine = open()) {
            assertThat(engine.logs()).isEmpty();
        }
    }

    @Test
    void logThatHoldsNothingIsToBeCreatedThere() {
        try (var engine = open()) {
            log(engine);
            await(copied(engine).finish());

            append(engine, 0, 3);
        }
        assertIsIn(second);
    }

    @Test
    void directoriesThatCannotTakeItAreRefused() {
        try (var engine = open()) {
            append(engine, 0, 3);
            assertThatThrownBy(() -> engine.move(Fixture.ID, first, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.move(Fixture.ID, root, 0)).isInstanceOf(IllegalArgumentException.class);
            copied(engine);
            assertThatThrownBy(() -> engine.move(Fixture.ID, second, 0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatTheOldDirectoryKeepsDoesNotCount() throws IOException {
        try (var engine = open()) {
            append(engine, 0, 35);
            var move = copied(engine);
            disk.stuck = first.resolve("orders-3");

            await(move.finish());

            append(engine, 35, 40);
            assertThat(first.resolve("orders-3")).isDirectory();
        }
        disk.stuck = null;

        try (var engine = open()) {
            assertThat(read(engine)).isEqualTo(batches(0, 40));
        }
        assertIsIn(second);
        try (var names = Files.list(second)) {
            assertThat(names.map(Path::toString)).noneMatch(name -> name.endsWith("-moved"));
        }
    }

    @Test
    void failureBeforeTheEndChangesNothing() {
        try (var engine = open()) {
            append(engine, 0, 35);
            var move = copied(engine);
            disk.broken = second;

            assertThatThrownBy(() -> await(move.finish())).isInstanceOf(StorageException.class);

            append(engine, 35, 40);
            assertThat(read(engine)).isEqualTo(batches(0, 40));
        }
    }

    /** What was noted of it there would be taken for what is known of a later log of that name. */
    @Test
    void failureBeforeTheEndLeavesNoNotesForALaterLogOfThatName() throws IOException {
        try (var engine = open()) {
            append(engine, 0, 35);
            await(log(engine).advanceStart(35));
            var move = copied(engine);
            disk.stuck = second.resolve("orders-3." + id() + "-moved.tmp");
            assertThatThrownBy(() -> await(move.finish())).isInstanceOf(StorageException.class);
            disk.stuck = null;
            await(engine.delete(Fixture.ID));
        }

        for (var name : List.of("recovery-point-offset-checkpoint", "log-start-offset-checkpoint")) {
            assertThat(second.resolve(name)).content().doesNotContain("orders");
        }
    }

    @Test
    void logMovesBackOverWhatCouldNotBeDeletedOfIt() {
        try (var engine = open()) {
            append(engine, 0, 35);
            disk.stuck = first.resolve("orders-3");
            await(copied(engine).finish());
            disk.stuck = null;
            append(engine, 35, 40);

            var back = engine.move(Fixture.ID, first, 0);
            await(back.copied());
            await(back.finish());

            append(engine, 40, 45);
            assertThat(read(engine)).isEqualTo(batches(0, 45));
        }
        try (var engine = open()) {
            assertThat(read(engine)).isEqualTo(batches(0, 45));
        }
        assertIsIn(first);
    }

    /** Else each of the two would say that the other one's counts no more, and the one that is read first would be believed. */
    @Test
    void laterCopyCountsWhereALogMovedThereAndBackAndNeitherCouldBeDeleted() {
        try (var engine = open()) {
            append(engine, 0, 35);
            disk.stuck = first.resolve("orders-3");
            await(copied(engine).finish());
            append(engine, 35, 40);
            disk.stuck = second.resolve("orders-3");

            var back = engine.move(Fixture.ID, first, 0);
            await(back.copied());
            await(back.finish());

            append(engine, 40, 45);
        }
        disk.stuck = null;
        try (var engine = open(disk, second, first)) {
            assertThat(read(engine)).isEqualTo(batches(0, 45));
        }
        assertIsIn(first);
    }

    private static String id() {
        return Fixture.ID.topicId().toString().replace("-", "");
    }

    @Test
    void wholeLogIsInOneDirectoryWhereverTheProcessDies() {
        for (var steps = 0; steps < MAX_STEPS; steps++) {
            var dying = new BreakableDisk();
            first = root.resolve("first-" + steps);
            second = root.resolve("second-" + steps);
            var durableEnd = moveUntilDeath(dying, steps);
            for (var again = 0; again < 2; again++) {
                try (var engine = open(new TestDisk(), first, second)) {
                    assertThat(engine.logs()).as("after %d steps", steps).containsExactly(Fixture.ID);
                    assertThat(read(engine))
                            .isEqualTo(batches(0, log(engine).offsets().end()));
                    assertThat(log(engine).offsets().end())
                            .as("after %d steps", steps)
                            .isGreaterThanOrEqualTo(durableEnd);
                }
            }
            if (!dying.isDead()) {
                assertIsIn(second);
                return;
            }
        }
        throw new AssertionError("the move is not through after " + MAX_STEPS + " steps");
    }

    /** The end that was durable when the disk died, so many steps into a move. */
    private long moveUntilDeath(BreakableDisk dying, int steps) {
        var durableEnd = 25;
        try (var engine = open(dying, first, second)) {
            append(engine, 0, 25);
            dying.left.set(steps);
            try {
                var move = copied(engine);
                append(engine, 25, 30);
                durableEnd = 30;
                await(move.finish());
                append(engine, 30, 33);
                durableEnd = 33;
            } catch (StorageException e) {
                assertThat(dying.isDead()).as("after %d steps: %s", steps, e).isTrue();
            }
        }
        return durableEnd;
    }
}
