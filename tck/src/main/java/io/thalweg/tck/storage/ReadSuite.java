package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.tck.Verifies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounds of a read, and what a slice is good for. */
abstract class ReadSuite extends StorageSuite {

    @Test
    void readInsideABatchGivesThatBatch() {
        var appended = append(batches(0, 40));

        for (var batch : appended) {
            assertThat(read(batch.lastOffset(), Long.MAX_VALUE, 1)).containsExactly(batch);
            assertThat(read(batch.baseOffset() + 1, Long.MAX_VALUE, 1)).containsExactly(batch);
        }
    }

    @Test
    @Verifies("LOG-14")
    void readKeepsToItsBytes() {
        var appended = append(batches(0, 5));

        assertThat(read(0, Long.MAX_VALUE, 3 * BATCH_BYTES)).isEqualTo(appended.subList(0, 3));
        assertThat(read(0, Long.MAX_VALUE, 3 * BATCH_BYTES - 1)).isEqualTo(appended.subList(0, 2));
    }

    @Test
    @Verifies("LOG-14")
    void readGivesOneBatchHoweverFewBytesAreAskedFor() {
        var appended = append(batches(0, 2));

        assertThat(read(0, Long.MAX_VALUE, 0)).isEqualTo(appended.subList(0, 1));
        assertThat(read(RECORDS, Long.MAX_VALUE, 1)).isEqualTo(appended.subList(1, 2));
    }

    @Test
    @Verifies("LOG-14")
    void readOfManySmallBatchesKeepsToItsBytes() {
        for (var offset = 0; offset < 100; offset++) {
            append(List.of(SampleBatch.of(offset, 1, offset, 1)));
        }
        for (var maxBytes = 1; maxBytes < 2000; maxBytes += 61) {
            var bytes = read(37, 90, maxBytes).stream()
                    .mapToInt(SampleBatch::sizeInBytes)
                    .sum();

            assertThat(bytes).isPositive().isLessThanOrEqualTo(Math.max(62, maxBytes));
        }
    }

    @Test
    @Verifies("LOG-15")
    void readStopsBelowItsUpperBound() {
        var appended = append(batches(0, 10));

        assertThat(LogReader.readAll(log, 0, 4 * RECORDS)).isEqualTo(appended.subList(0, 4));
        assertThat(LogReader.readAll(log, 0, 4 * RECORDS + 2)).isEqualTo(appended.subList(0, 4));
        assertThat(LogReader.readAll(log, 0, 5 * RECORDS - 1)).isEqualTo(appended.subList(0, 4));
        assertThat(LogReader.readAll(log, 0, 5 * RECORDS)).isEqualTo(appended.subList(0, 5));
    }

    @Test
    @Verifies("LOG-15")
    void everyUpperBoundIsKept() {
        var appended = append(batches(0, 30));

        for (var upTo = 0L; upTo <= 30 * RECORDS; upTo++) {
            assertThat(LogReader.readAll(log, 0, upTo)).isEqualTo(appended.subList(0, (int) (upTo / RECORDS)));
        }
    }

    @Test
    @Verifies("LOG-15")
    void readAtItsUpperBoundIsEmpty() {
        append(batches(0, 3));

        assertThat(read(RECORDS, RECORDS, 1000)).isEmpty();
        assertThat(read(RECORDS, 0, 1000)).isEmpty();
    }

    @Test
    @Verifies("LOG-15")
    void readAtTheEndIsEmpty() {
        append(batches(0, 3));

        assertThat(read(3 * RECORDS, Long.MAX_VALUE, 1000)).isEmpty();
    }

    @Test
    @Verifies("LOG-15")
    void readStopsBelowABoundInAGap() {
        var appended = append(List.of(SampleBatch.of(0, 2, 0, 10), SampleBatch.of(50, 2, 0, 10)));

        assertThat(LogReader.readAll(log, 0, 30)).isEqualTo(appended.subList(0, 1));
        assertThat(LogReader.readAll(log, 10, 30)).isEmpty();
        assertThat(LogReader.readAll(log, 10, 52)).isEqualTo(appended.subList(1, 2));
    }

    @Test
    void sliceCopiesFromAnyPlace() throws IOException {
        var batch = append(batches(0, 1)).get(0);

        try (var slice = Stages.await(log.read(0, Long.MAX_VALUE, 1))) {
            for (var from = 0; from < slice.sizeInBytes(); from += 7) {
                var some = ByteBuffer.allocate(20);
                slice.copyTo(some, from);
                some.flip();
                assertThat(some).isEqualTo(batch.bytes().slice(from, Math.min(20, batch.sizeInBytes() - from)));
            }
        }
    }

    @Test
    @Verifies("LOG-4")
    void sliceStaysTheSameThroughTruncation() {
        var appended = append(batches(0, 9));
        var slice = Stages.await(log.read(0, Long.MAX_VALUE, 9 * BATCH_BYTES));

        Stages.await(log.truncateTo(RECORDS));
        append(List.of(SampleBatch.of(RECORDS, 1, 9, 0, 1500, 4711)));
        append(List.of(SampleBatch.of(RECORDS + 1, 1, 9, 0, 1500, 4712)));

        assertThat(SampleBatch.in(slice)).isEqualTo(appended);
    }

    @Test
    @Verifies({"LOG-4", "ENGINE-11"})
    void sliceStaysTheSameThroughDeletion() {
        var appended = append(batches(0, 5));
        var slice = Stages.await(log.read(0, Long.MAX_VALUE, 5 * BATCH_BYTES));

        Stages.await(engine.delete(StorageRig.ID));

        assertThat(SampleBatch.in(slice)).isEqualTo(appended);
    }

    @Test
    @Verifies("LOG-4")
    void sliceStaysTheSameWhenTheStartPassesIt() {
        var appended = append(batches(0, 30));
        var slice = Stages.await(log.read(0, Long.MAX_VALUE, 5 * BATCH_BYTES));

        Stages.await(log.advanceStart(29 * RECORDS));

        assertThat(SampleBatch.in(slice)).isEqualTo(appended.subList(0, 5));
    }

    @Test
    @Verifies("LOG-13")
    void sliceIsReadableAfterClose() {
        var appended = append(batches(0, 3));
        var slice = Stages.await(log.read(0, Long.MAX_VALUE, 3 * BATCH_BYTES));

        engine.close();

        assertThat(SampleBatch.in(slice)).isEqualTo(appended);
    }

    @Test
    void sliceMayBeClosedTwice() {
        append(batches(0, 1));
        LogSlice slice = Stages.await(log.read(0, Long.MAX_VALUE, 1));

        slice.close();
        slice.close();

        assertThat(readFrom(0)).hasSize(1);
    }

    @Test
    @Verifies("LOG-4")
    void slicesAreHeldSideBySide() {
        var appended = append(batches(0, 12));
        var slices = new ArrayList<LogSlice>();
        for (var batch : appended) {
            slices.add(Stages.await(log.read(batch.baseOffset(), Long.MAX_VALUE, 1)));
        }

        for (var i = 0; i < slices.size(); i++) {
            assertThat(SampleBatch.in(slices.get(i))).containsExactly(appended.get(i));
        }
    }
}
