package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Segments and what takes their place; for engines that say they have them. */
abstract class SegmentedSuite extends StorageSuite {

    /** Batches that fill a few segments of {@link #SMALL}. */
    private static final int BATCHES = 60;

    @BeforeEach
    final void onlyIfDeclared() {
        assumeTrue(rig.can(StorageAbility.SEGMENTS), "the engine does not declare SEGMENTS");
    }

    private SegmentedLog segmented() {
        return (SegmentedLog) log;
    }

    private List<LogSegment> closed() {
        var all = segmented().segments();
        return all.subList(0, Math.max(0, all.size() - 1));
    }

    private void replace(long first, long end, List<SampleBatch> batches) {
        try (var replacement = segmented().replace(first, end)) {
            for (var batch : batches) {
                Stages.await(replacement.append(List.of(batch.toBatch())));
            }
            Stages.await(replacement.finish());
        }
    }

    /** Replaces the first closed segments, as many as given, by every other of their batches; gives what is in the log then. */
    private List<SampleBatch> thinOut(List<SampleBatch> all, int segmentCount) {
        var end = closed().get(segmentCount - 1).endOffset();
        var first = closed().get(0).baseOffset();
        var kept = everyOther(all, first, end);

        replace(first, end, kept);

        var expected = new ArrayList<>(kept);
        all.stream().filter(batch -> batch.baseOffset() >= end).forEach(expected::add);
        return expected;
    }

    private static List<SampleBatch> everyOther(List<SampleBatch> all, long first, long end) {
        return all.stream()
                .filter(batch -> batch.baseOffset() >= first && batch.baseOffset() < end)
                .filter(batch -> batch.baseOffset() / RECORDS % 2 == 1)
                .toList();
    }

    @Test
    void engineSaysThatItsLogsHaveSegments() {
        assertThat(engine).isInstanceOf(SegmentedEngine.class);
        assertThat(log).isInstanceOf(SegmentedLog.class);
    }

    @Test
    @Verifies({"SEGMENTED-3", "SEGMENTED-4"})
    void segmentsAdjoinAndHoldWhatWasAppended() {
        append(batches(0, BATCHES));

        var segments = segmented().segments();

        assertThat(segments).hasSizeGreaterThan(3);
        var offset = 0L;
        for (var segment : segments) {
            var batchCount = (segment.endOffset() - segment.baseOffset()) / RECORDS;
            assertThat(segment.baseOffset()).isEqualTo(offset);
            assertThat(segment.sizeInBytes())
                    .isEqualTo(batchCount * BATCH_BYTES)
                    .isBetween(1L, 2048L);
            assertThat(segment.maxTimestamp()).isEqualTo(segment.endOffset() - RECORDS);
            offset = segment.endOffset();
        }
        assertThat(offset).isEqualTo(log.offsets().end());
    }

    @Test
    @Verifies("SEGMENTED-4")
    void batchLargerThanASegmentHasOneOfItsOwn() {
        append(List.of(SampleBatch.of(0, 1, 0, 10), SampleBatch.of(1, 1, 0, 5000), SampleBatch.of(2, 1, 0, 10)));

        assertThat(segmented().segments()).extracting(LogSegment::baseOffset).containsExactly(0L, 1L, 2L);
    }

    @Test
    @Verifies("SEGMENTED-3")
    void gapBelongsToTheSegmentBeforeOrAfterIt() {
        append(List.of(SampleBatch.of(0, 1, 0, 1500), SampleBatch.of(100, 1, 0, 1500)));

        var segments = segmented().segments();

        assertThat(segments).hasSize(2);
        assertThat(segments.get(0).endOffset())
                .isEqualTo(segments.get(1).baseOffset())
                .isBetween(1L, 100L);
    }

    @Test
    @Verifies("SEGMENTED-5")
    void rollEndsASegment() {
        append(batches(0, 1));

        segmented().roll();
        append(batches(RECORDS, 1));

        assertThat(segmented().segments())
                .containsExactly(
                        new LogSegment(0, RECORDS, BATCH_BYTES, 0),
                        new LogSegment(RECORDS, 2 * RECORDS, BATCH_BYTES, RECORDS));
    }

    @Test
    @Verifies("SEGMENTED-5")
    void rolledSegmentIsClosedBeforeTheNextAppend() {
        append(batches(0, 1));

        segmented().roll();
        segmented().roll();

        assertThat(closed()).containsExactly(new LogSegment(0, RECORDS, BATCH_BYTES, 0));
        assertThat(log.offsets().end()).isEqualTo(RECORDS);
    }

    @Test
    void emptyLogCanBeRolled() {
        segmented().roll();

        assertThat(closed()).isEmpty();
        assertThat(append(batches(0, 3))).isEqualTo(readFrom(0));
    }

    @Test
    void rolledSegmentOutlivesARestart() {
        var appended = append(batches(0, 1));
        segmented().roll();

        restart();

        assertThat(log.offsets().end()).isEqualTo(RECORDS);
        assertThat(closed()).hasSize(1);
        append(batches(RECORDS, 2));
        assertThat(readFrom(0)).startsWith(appended.get(0)).hasSize(3);
    }

    @Test
    void startThatPassesASegmentDropsIt() {
        append(batches(0, BATCHES));
        var second = segmented().segments().get(1);

        Stages.await(log.advanceStart(second.baseOffset() + 1));

        assertThat(segmented().segments().get(0).baseOffset()).isEqualTo(second.baseOffset());
    }

    @Test
    void allRolledSegmentsCanBeDropped() {
        append(batches(0, BATCHES));
        segmented().roll();

        Stages.await(log.advanceStart(BATCHES * RECORDS));

        assertThat(closed()).isEmpty();
        assertThat(log.offsets().start()).isEqualTo(BATCHES * RECORDS);
        assertThat(append(batches(BATCHES * RECORDS, 2))).isEqualTo(readFrom(BATCHES * RECORDS));
    }

    @Test
    @Verifies({"SEGMENTED-1", "SEGMENTED-7"})
    void replacementTakesThePlaceOfASegment() {
        var all = append(batches(0, BATCHES));
        commit();
        var before = log.offsets();
        var segments = segmented().segments().size();

        var expected = thinOut(all, 1);

        assertThat(readFrom(0)).isEqualTo(expected);
        assertThat(log.offsets()).isEqualTo(before);
        assertThat(segmented().segments()).hasSize(segments);
    }

    @Test
    @Verifies({"SEGMENTED-1", "SEGMENTED-3"})
    void replacementOfSeveralSegmentsIsOne() {
        var all = append(batches(0, BATCHES));
        var before = closed();

        var expected = thinOut(all, 3);

        assertThat(readFrom(0)).isEqualTo(expected);
        assertThat(closed()).hasSize(before.size() - 2);
        assertThat(closed().get(0).baseOffset()).isZero();
        assertThat(closed().get(0).endOffset()).isEqualTo(before.get(2).endOffset());
        assertThat(closed().get(0).sizeInBytes()).isEqualTo(before.get(0).sizeInBytes() * 3 / 2);
    }

    @Test
    void segmentsAreReplacedAgainAndAgain() {
        var all = append(batches(0, BATCHES));

        var expected = thinOut(thinOut(all, 2), 2);

        assertThat(readFrom(0)).isEqualTo(expected);
    }

    @Test
    @Verifies("SEGMENTED-8")
    void readInAGapGivesTheNextBatch() {
        var expected = thinOut(append(batches(0, BATCHES)), 3);

        for (var offset = 0L; offset < BATCHES * RECORDS; offset++) {
            var from = offset;
            assertThat(read(offset, Long.MAX_VALUE, 1))
                    .isEqualTo(expected.stream()
                            .filter(batch -> batch.lastOffset() >= from)
                            .limit(1)
                            .toList());
        }
    }

    @Test
    @Verifies({"LOG-14", "LOG-15"})
    void readUpToAnOffsetInAGapEndsBeforeIt() {
        var expected = thinOut(append(batches(0, BATCHES)), 3);

        for (var upTo = 0L; upTo < 20 * RECORDS; upTo++) {
            var end = upTo;
            assertThat(LogReader.readAll(log, 0, upTo))
                    .isEqualTo(expected.stream()
                            .filter(batch -> batch.lastOffset() < end)
                            .toList());
        }
    }

    @Test
    @Verifies("LOG-19")
    void timesAreFoundAmongWhatIsLeft() {
        var expected = thinOut(append(batches(0, BATCHES)), 3);

        for (var timestamp = 0L; timestamp <= (BATCHES - 1) * RECORDS; timestamp++) {
            var asked = timestamp;
            assertThat(Stages.await(log.find(timestamp)))
                    .isEqualTo(expected.stream()
                            .filter(batch -> batch.maxTimestamp() >= asked)
                            .mapToLong(SampleBatch::baseOffset)
                            .findFirst());
        }
    }

    @Test
    @Verifies("SEGMENTED-8")
    void segmentMayBecomeEmpty() {
        var all = append(batches(0, BATCHES));
        var second = closed().get(1);

        replace(second.baseOffset(), second.endOffset(), List.of());

        assertThat(readFrom(second.baseOffset())).isEqualTo(all.subList((int) second.endOffset() / RECORDS, BATCHES));
        assertThat(closed().get(1)).isEqualTo(new LogSegment(second.baseOffset(), second.endOffset(), 0, -1));
    }

    @Test
    void everythingButTheLastSegmentMayBecomeEmpty() {
        var all = append(batches(0, BATCHES));
        var end = closed().get(closed().size() - 1).endOffset();

        replace(0, end, List.of());

        assertThat(log.offsets().start()).isZero();
        assertThat(readFrom(0)).isEqualTo(all.subList((int) end / RECORDS, BATCHES));
        restart();
        assertThat(log.offsets().start()).isZero();
        assertThat(readFrom(0)).isEqualTo(all.subList((int) end / RECORDS, BATCHES));
    }

    @Test
    @Verifies("SEGMENTED-6")
    void replacementOutlivesARestart() {
        var expected = thinOut(append(batches(0, BATCHES)), 3);
        var segments = segmented().segments();

        restart();

        assertThat(readFrom(0)).isEqualTo(expected);
        assertThat(segmented().segments()).isEqualTo(segments);
        append(batches(BATCHES * RECORDS, 1));
        assertThat(readFrom(0)).hasSize(expected.size() + 1);
    }

    @Test
    @Verifies("SEGMENTED-6")
    void replacementOutlivesACrash() {
        assumeTrue(rig.can(StorageAbility.SURVIVES_CRASH), "the engine does not declare SURVIVES_CRASH");
        var expected = thinOut(append(batches(0, BATCHES)), 3);
        commit();

        rig.crash();
        adopt(rig);

        assertThat(readFrom(0)).isEqualTo(expected);
        assertThat(log.offsets().end()).isEqualTo(BATCHES * RECORDS);
    }

    @Test
    @Verifies("SEGMENTED-2")
    void replacementThatACrashCutsShortChangesNothing() {
        assumeTrue(rig.can(StorageAbility.SURVIVES_CRASH), "the engine does not declare SURVIVES_CRASH");
        var all = append(batches(0, BATCHES));
        commit();
        var end = closed().get(1).endOffset();
        try (var replacement = segmented().replace(0, end)) {
            Stages.await(replacement.append(List.of(all.get(1).toBatch())));

            rig.crash();
        }

        adopt(rig);
        assertThat(readFrom(0)).isEqualTo(all);
    }

    @Test
    @Verifies("SEGMENTED-2")
    void replacementThatIsNotFinishedChangesNothing() {
        var all = append(batches(0, BATCHES));

        try (var replacement = segmented().replace(0, closed().get(1).endOffset())) {
            Stages.await(replacement.append(List.of(all.get(1).toBatch())));
        }

        assertThat(readFrom(0)).isEqualTo(all);
        assertThat(readFrom(0)).isEqualTo(all);
        assertThat(thinOut(all, 2)).isEqualTo(readFrom(0));
    }

    @Test
    @Verifies("SEGMENTED-7")
    void appendsGoOnDuringAReplacement() {
        var all = new ArrayList<>(append(batches(0, BATCHES)));
        var end = closed().get(1).endOffset();
        var kept = everyOther(all, 0, end);

        try (var replacement = segmented().replace(0, end)) {
            for (var batch : kept) {
                all.addAll(append(batches(log.offsets().end(), 1)));
                Stages.await(replacement.append(List.of(batch.toBatch())));
            }
            Stages.await(replacement.finish());
        }

        assertThat(readFrom(end)).isEqualTo(all.subList((int) end / RECORDS, all.size()));
        assertThat(readFrom(0)).startsWith(kept.toArray(SampleBatch[]::new));
    }

    @Test
    @Verifies("LOG-4")
    void sliceGivenBeforeAReplacementKeepsItsBytes() {
        var all = append(batches(0, BATCHES));
        var slice = Stages.await(log.read(0, Long.MAX_VALUE, 5 * BATCH_BYTES));

        thinOut(all, 3);

        assertThat(SampleBatch.in(slice)).isEqualTo(all.subList(0, 5));
    }

    @Test
    void truncationOfWhatWasReplacedKeepsWhatIsBelow() {
        var expected = thinOut(append(batches(0, BATCHES)), 3);

        for (var end = 3L * RECORDS * 8; end >= 0; end -= 5) {
            Stages.await(log.truncateTo(end));

            var upTo = end;
            assertThat(log.offsets().end()).isLessThanOrEqualTo(end);
            assertThat(readFrom(0))
                    .isEqualTo(expected.stream()
                            .filter(batch -> batch.lastOffset() < upTo)
                            .toList());
        }
    }

    @Test
    @Verifies("SEGMENTED-10")
    void truncationDuringAReplacementEndsIt() {
        var all = append(batches(0, BATCHES));
        try (var replacement = segmented().replace(0, closed().get(2).endOffset())) {
            Stages.await(log.truncateTo(RECORDS));

            assertThatThrownBy(() -> Stages.await(replacement.finish())).isInstanceOf(StorageException.Busy.class);
        }

        assertThat(readFrom(0)).isEqualTo(all.subList(0, 1));
    }

    @Test
    @Verifies("SEGMENTED-10")
    void startThatPassesASegmentDuringItsReplacementEndsIt() {
        var all = append(batches(0, BATCHES));
        var start = closed().get(1).baseOffset();
        try (var replacement = segmented().replace(0, closed().get(2).endOffset())) {
            Stages.await(log.advanceStart(start));

            assertThatThrownBy(() -> Stages.await(replacement.finish())).isInstanceOf(StorageException.Busy.class);
        }

        assertThat(readFrom(start)).isEqualTo(all.subList((int) start / RECORDS, BATCHES));
    }

    @Test
    @Verifies("SEGMENTED-9")
    void rangeThatIsNotOfClosedSegmentsIsRefused() {
        append(batches(0, BATCHES));
        var first = closed().get(0);
        var active = segmented().segments().get(closed().size());

        assertThatThrownBy(() -> segmented().replace(0, first.endOffset() + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> segmented().replace(1, first.endOffset()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> segmented().replace(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> segmented().replace(active.baseOffset(), active.endOffset()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Verifies("SEGMENTED-11")
    void batchOutOfPlaceIsRefused() {
        append(batches(0, BATCHES));
        var end = closed().get(0).endOffset();
        try (var replacement = segmented().replace(0, end)) {
            Stages.await(replacement.append(List.of(SampleBatch.of(5, 2, 0, 1).toBatch())));

            assertThatThrownBy(() -> Stages.await(replacement.append(
                            List.of(SampleBatch.of(6, 1, 0, 1).toBatch()))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Stages.await(replacement.append(
                            List.of(SampleBatch.of(end - 1, 2, 0, 1).toBatch()))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Verifies("SEGMENTED-11")
    void ofAListWithABatchOutOfPlaceNoneIsTaken() {
        append(batches(0, BATCHES));
        var end = closed().get(0).endOffset();
        try (var replacement = segmented().replace(0, end)) {
            var first = SampleBatch.of(0, 1, 0, 1).toBatch();
            var outOfPlace = SampleBatch.of(end, 1, 0, 1).toBatch();
            assertThatThrownBy(() -> Stages.await(replacement.append(List.of(first, outOfPlace))))
                    .isInstanceOf(IllegalArgumentException.class);

            Stages.await(replacement.append(List.of(first)));
        }
    }

    @Test
    @Verifies("SEGMENTED-12")
    void oneReplacementIsOpenAtATime() {
        append(batches(0, BATCHES));
        var end = closed().get(0).endOffset();
        var replacement = segmented().replace(0, end);
        assertThatThrownBy(() -> segmented().replace(0, end)).isInstanceOf(IllegalStateException.class);
        replacement.close();
        replacement.close();

        segmented().replace(0, end).close();
    }
}
