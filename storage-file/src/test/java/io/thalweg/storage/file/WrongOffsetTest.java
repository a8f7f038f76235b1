package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.BATCH_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of ten records, in a log that was stopped in order, one of which has a wrong base offset, which no CRC covers. */
final class WrongOffsetTest {

    private static final int RECORDS = 10;
    private static final int BATCHES = 13;
    private static final int BATCHES_OF_SEGMENT = 10;

    @TempDir
    private Path directory;

    /** The batches of a log; each begins where a rule says for its number. */
    private static List<SampleBatch> batches(LongUnaryOperator baseOffset) {
        return LongStream.range(0, BATCHES)
                .mapToObj(number -> SampleBatch.of(
                        baseOffset.applyAsLong(number), RECORDS, 1000 * number, BATCH_BYTES - SampleBatch.HEADER_BYTES))
                .toList();
    }

    private void write(List<SampleBatch> batches) {
        try (var fixture = new Fixture(directory)) {
            batches.forEach(batch -> fixture.log.append(List.of(batch.toBatch())));
            Fixture.await(fixture.engine.commit(List.of(fixture.log)));
        }
    }

    private interface Look {
        void at(Fixture fixture, int damaged, String what) throws IOException;
    }

    /**
     * Has the base offset of each batch but the last, which nothing follows, be wrong in each way that a bit, or a small difference, makes
     * it.
     */
    private void forEachWrongOffset(List<SampleBatch> batches, Look look) throws IOException {
        for (var damaged = 0; damaged < BATCHES - 1; damaged++) {
            var offset = batches.get(damaged).baseOffset();
            for (var wrong : wrongOnes(offset)) {
                var path = segments().get(damaged / BATCHES_OF_SEGMENT);
                var position = damaged % BATCHES_OF_SEGMENT * BATCH_BYTES;
                put(path, position, wrong);
                try (var fixture = new Fixture(directory)) {
                    look.at(fixture, damaged, "the batch at %d says %d".formatted(offset, wrong));
                } finally {
                    put(path, position, offset);
                }
            }
        }
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(Fixture.logDirectory(directory))) {
            return files.filter(path -> path.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Long> wrongOnes(long offset) {
        var wrong = new ArrayList<Long>();
        for (var bit : new int[] {0, 1, 3, 4, 7, 40, 63}) {
            wrong.add(offset ^ 1L << bit);
        }
        for (var difference : new int[] {5, RECORDS}) {
            wrong.add(offset + difference);
            if (offset >= difference) {
                wrong.add(offset - difference);
            }
        }
        return wrong;
    }

    private static void put(Path path, int position, long baseOffset) throws IOException {
        var bytes = Files.readAllBytes(path);
        ByteBuffer.wrap(bytes).putLong(position, baseOffset);
        Files.write(path, bytes);
    }

    /** What is answered; null if that is damage. */
    private static <T> @Nullable T answer(CompletionStage<T> stage) {
        try {
            return Fixture.await(stage);
        } catch (StorageException.Corrupt e) {
            return null;
        }
    }

    @Test
    void aBatchWithAWrongOffsetWithholdsItselfOnly() throws IOException {
        var batches = batches(number -> RECORDS * number);
        write(batches);

        forEachWrongOffset(batches, (fixture, damaged, what) -> {
            for (var offset = (long) RECORDS * BATCHES - 1; offset >= 0; offset -= 3) {
                var holder = (int) (offset / RECORDS);
                var slice = answer(fixture.log.read(offset, Long.MAX_VALUE, 150));
                var found = slice == null ? List.<SampleBatch>of() : SampleBatch.in(slice);

                assertThat(found)
                        .as("%s, read from %d", what, offset)
                        .isEqualTo(holder == damaged ? List.of() : List.of(batches.get(holder)));
            }
        });
    }

    @Test
    void aTimeDoesNotLeadToABatchWithAWrongOffset() throws IOException {
        var batches = batches(number -> RECORDS * number);
        write(batches);

        forEachWrongOffset(batches, (fixture, damaged, what) -> {
            for (var number = BATCHES - 1; number >= 0; number--) {
                var found = answer(fixture.log.find(1000L * number - 1));

                assertThat(found)
                        .as("%s, find batch %d", what, number)
                        .isEqualTo(number == damaged ? null : OptionalLong.of((long) RECORDS * number));
            }
        });
    }

    /** A read from the start on does not meet it either. */
    @Test
    void aTimeIsFoundBehindAWrongOffsetBelowTheStart() throws IOException {
        write(batches(number -> RECORDS * number));

        forEachWrongOffset(batches(number -> RECORDS * number), (fixture, damaged, what) -> {
            if (damaged + 1 < BATCHES_OF_SEGMENT) {
                var start = (long) RECORDS * (damaged + 1);
                Fixture.await(fixture.log.advanceStart(start));

                assertThat(answer(fixture.log.find(0)))
                        .as("%s, find from %d on", what, start)
                        .isEqualTo(OptionalLong.of(start));
            }
        });
    }

    /** What a wrong end has it take along would not be fetched again. */
    @Test
    void aTruncationAboveAWrongOffsetIsRefused() throws IOException {
        write(batches(number -> RECORDS * number));

        forEachWrongOffset(batches(number -> RECORDS * number), (fixture, damaged, what) -> {
            if (damaged >= BATCHES_OF_SEGMENT) {
                var end = (long) RECORDS * (BATCHES - 1);

                assertThatThrownBy(() -> Fixture.await(fixture.log.truncateTo(end)))
                        .as(what)
                        .isInstanceOf(StorageException.Corrupt.class);
            }
        });
    }

    /** What the batches before it say of a sound batch is asked of those near it. */
    @Test
    void aReadBesideAWrongOffsetCostsNoMoreFarFromTheBeginningOfALargeSegment(@TempDir Path other) throws IOException {
        assertThat(readsBeside(1900, directory)).isLessThanOrEqualTo(readsBeside(60, other));
    }

    /** How often the segment's file is read for a batch that the next one, which says the same offset, puts in doubt. */
    private static int readsBeside(int offset, Path directory) throws IOException {
        var config = new LogConfig(Durability.FSYNC, 1_000_000, 1_000_000, 0, 150, 1_000_000, false);
        try (var fixture = new Fixture(directory, new LocalDisk(), config)) {
            fixture.append(0, 2000);
        }
        put(Fixture.file(directory, "00000000000000000000.log"), (offset + 1) * BATCH_BYTES, offset);
        var reads = new AtomicInteger();
        var disk = new TestDisk() {
            @Override
            void reading(Path path) {
                if (path.toString().endsWith(".log")) {
                    reads.incrementAndGet();
                }
            }
        };
        try (var fixture = new Fixture(directory, disk, config)) {
            assertThat(SampleBatch.in(Fixture.await(fixture.log.read(offset, 2000, 150))))
                    .isEqualTo(Fixture.batches(offset, offset + 1));
            return reads.get();
        }
    }

    /** As a compaction leaves a log: what is damaged cannot always be told from the batch beside it. */
    @Test
    void inALogWithGapsNoAnswerIsWrongEither() throws IOException {
        var batches = batches(number -> RECORDS * (3 * number + number % 3));
        write(batches);

        forEachWrongOffset(batches, (fixture, damaged, what) -> {
            for (var number = BATCHES - 1; number >= 0; number--) {
                var offset = batches.get(number).baseOffset();
                var slice = answer(fixture.log.read(offset, Long.MAX_VALUE, 150));
                var found = slice == null ? List.<SampleBatch>of() : SampleBatch.in(slice);

                if (Math.abs(number - damaged) > 1) {
                    assertThat(found).as("%s, read from %d", what, offset).isEqualTo(List.of(batches.get(number)));
                } else if (number != damaged && !found.isEmpty()) {
                    assertThat(batches).as("%s, read from %d", what, offset).containsAll(found);
                }
            }
        });
    }
}
