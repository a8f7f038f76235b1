package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Appending, and reading back what was appended. */
abstract class AppendSuite extends StorageSuite {

    @Test
    void newLogIsEmptyAtOffsetZero() {
        assertThat(log.offsets()).isEqualTo(new LogOffsets(0, 0, 0, 0, -1));
        assertThat(read(0, 10, 1000)).isEmpty();
    }

    @Test
    @Verifies({"LOG-5", "LOG-6"})
    void batchesComeBackAsTheyWere() {
        var appended = append(batches(0, 50));

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(log.offsets().end()).isEqualTo(50 * RECORDS);
        assertThat(log.offsets().maxTimestamp()).isEqualTo(49 * RECORDS);
    }

    @Test
    @Verifies("LOG-5")
    void manyBatchesInOneAppendCrossSegments() {
        var appended = batches(0, 50);

        log.append(appended.stream().map(SampleBatch::toBatch).toList());

        assertThat(readFrom(0)).isEqualTo(appended);
    }

    @Test
    void appendOfNothingChangesNothing() {
        append(batches(0, 1));

        log.append(List.of());

        assertThat(log.offsets().end()).isEqualTo(RECORDS);
    }

    @Test
    void offsetsMayLeaveGaps() {
        var appended = append(List.of(SampleBatch.of(5, 2, 0, 10), SampleBatch.of(100, 1, 0, 10)));

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(readFrom(7)).isEqualTo(appended.subList(1, 2));
        assertThat(log.offsets().end()).isEqualTo(101);
    }

    @Test
    @Verifies("LOG-9")
    void appendBelowTheEndIsRefused() {
        append(batches(0, 2));
        var stale = SampleBatch.of(RECORDS, 1, 0, 10).toBatch();

        assertThatThrownBy(() -> log.append(List.of(stale))).isInstanceOf(IllegalArgumentException.class);

        assertThat(log.offsets().end()).isEqualTo(2 * RECORDS);
    }

    @Test
    @Verifies({"LOG-8", "LOG-9"})
    void appendWithDescendingOffsetsIsRefusedWhole() {
        var first = SampleBatch.of(10, 1, 0, 10).toBatch();
        var second = SampleBatch.of(10, 1, 0, 10).toBatch();

        assertThatThrownBy(() -> log.append(List.of(first, second))).isInstanceOf(IllegalArgumentException.class);

        assertThat(log.offsets().end()).isZero();
        assertThat(readFrom(0)).isEmpty();
    }

    @Test
    void batchLargerThanASegmentIsKept() {
        var large = SampleBatch.of(3, 1, 0, 3 * SMALL.segmentBytes());
        append(batches(0, 1));
        append(List.of(large));
        append(batches(4, 1));

        assertThat(read(3, 4, 10)).containsExactly(large);
        assertThat(readFrom(0)).hasSize(3);
    }

    @Test
    void farOffsetsDoNotOverflow() {
        var far = 5L * Integer.MAX_VALUE;
        var appended = append(
                List.of(SampleBatch.of(0, 1, 0, 10), SampleBatch.of(far, 1, 0, 10), SampleBatch.of(far + 1, 1, 0, 10)));

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(readFrom(far + 1)).isEqualTo(appended.subList(2, 3));
    }

    @Test
    @Verifies("LOG-10")
    void readOutsideTheLogIsOutOfRange() {
        append(batches(0, 2));

        assertThatThrownBy(() -> read(2 * RECORDS + 1, Long.MAX_VALUE, 1000))
                .isInstanceOf(StorageException.OutOfRange.class);
        assertThatThrownBy(() -> read(-1, Long.MAX_VALUE, 1000)).isInstanceOf(StorageException.OutOfRange.class);
    }

    @Test
    @Verifies({"LOG-5", "LOG-20"})
    void bytesAreThoseBetweenPositionAndLimit() {
        var appended = batches(0, 9);
        for (var each : List.of(
                inOneBuffer(appended.subList(0, 3), ByteBuffer::allocateDirect),
                inOneBuffer(appended.subList(3, 6), ByteBuffer::allocate),
                inOneBuffer(
                        appended.subList(6, 9),
                        size -> ByteBuffer.allocate(size + 3).slice(3, size)))) {
            var before = each.stream().map(batch -> batch.bytes().duplicate()).toList();

            log.append(each);
            commit();

            assertThat(each).allSatisfy(batch -> assertThat(batch.bytes()).isEqualTo(before.get(each.indexOf(batch))));
            assertThat(each.stream().map(batch -> batch.bytes().position()))
                    .isEqualTo(before.stream().map(ByteBuffer::position).toList());
        }

        assertThat(readFrom(0)).isEqualTo(appended);
        restart();
        assertThat(readFrom(0)).isEqualTo(appended);
    }

    /** Batches as a connection gives them: stretches of the frame they came in, with something else before, between and after them. */
    private static List<Batch> inOneBuffer(List<SampleBatch> batches, IntFunction<ByteBuffer> memory) {
        var frame = memory.apply(batches.size() * (BATCH_BYTES + 7) + 7);
        while (frame.hasRemaining()) {
            frame.put((byte) 0x5a);
        }
        var lent = new ArrayList<Batch>();
        for (var batch : batches) {
            var at = 7 + lent.size() * (BATCH_BYTES + 7);
            frame.position(at).put(batch.bytes().duplicate());
            lent.add(batch.toBatch(frame.duplicate().limit(at + BATCH_BYTES).position(at)));
        }
        return lent;
    }
}
