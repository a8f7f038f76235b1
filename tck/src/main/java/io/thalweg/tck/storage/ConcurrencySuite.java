package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Readers at work while the owner appends, rolls, truncates and removes. */
abstract class ConcurrencySuite extends StorageSuite {

    private static final int READERS = 3;
    private static final int BATCHES = 1500;

    /** Runs readers beside the owner's work, until that is done; what a reader throws fails the test. */
    private void besideReaders(Consumer<PartitionLog> reader, Runnable work) {
        var stop = new AtomicBoolean();
        var threads = Executors.newFixedThreadPool(READERS);
        try {
            var readers = new ArrayList<CompletableFuture<Void>>();
            for (var i = 0; i < READERS; i++) {
                readers.add(CompletableFuture.runAsync(
                        () -> {
                            while (!stop.get()) {
                                reader.accept(log);
                            }
                        },
                        threads));
            }
            work.run();
            stop.set(true);
            readers.forEach(Stages::await);
        } finally {
            stop.set(true);
            threads.shutdown();
        }
    }

    @Test
    @Verifies({"LOG-2", "LOG-6"})
    void readersSeeWholeBatchesInOrderWhileTheLogGrows() {
        besideReaders(
                reading -> {
                    var end = reading.offsets().end();
                    var found = LogReader.readAll(reading, Math.max(0, end - 20 * RECORDS), end);

                    assertThat(found).isEqualTo(batches(Math.max(0, end - 20 * RECORDS), found.size()));
                    assertThat(found).hasSize((int) Math.min(20, end / RECORDS));
                },
                () -> append(batches(0, BATCHES)));

        assertThat(readFrom(0)).isEqualTo(batches(0, BATCHES));
    }

    @Test
    @Verifies({"LOG-2", "LOG-4"})
    void readersNeverSeeAMixWhileTheLogIsTruncated() {
        besideReaders(
                reading -> {
                    try {
                        checkEpochs(SampleBatch.in(Stages.await(reading.read(0, Long.MAX_VALUE, 50 * BATCH_BYTES))));
                    } catch (StorageException.OutOfRange e) {
                        // The log was cut between two looks at it.
                    }
                },
                () -> {
                    for (var epoch = 0; epoch < 60; epoch++) {
                        growWithEpoch(epoch);
                        Stages.await(log.truncateTo(epoch % 7L));
                    }
                });
    }

    private void growWithEpoch(int epoch) {
        for (var i = 0; i < 40; i++) {
            var end = log.offsets().end();
            append(List.of(SampleBatch.of(end, 1, epoch, 0, PAYLOAD_BYTES, 1000L * epoch + end)));
        }
    }

    /** Each batch is one that was appended, and epochs never fall. */
    private static void checkEpochs(List<SampleBatch> found) {
        var last = 0;
        for (var batch : found) {
            var epoch = batch.leaderEpoch();
            assertThat(epoch).isGreaterThanOrEqualTo(last);
            assertThat(batch)
                    .isEqualTo(SampleBatch.of(
                            batch.baseOffset(), 1, epoch, 0, PAYLOAD_BYTES, 1000L * epoch + batch.baseOffset()));
            last = epoch;
        }
    }

    @Test
    @Verifies("LOG-2")
    void readersFindTheStartWhileItMoves() {
        besideReaders(
                reading -> {
                    try {
                        var start = reading.offsets().start();
                        var found = SampleBatch.in(Stages.await(reading.read(start, Long.MAX_VALUE, 3 * BATCH_BYTES)));
                        if (!found.isEmpty()) {
                            assertThat(found).isEqualTo(batches(found.get(0).baseOffset(), found.size()));
                            assertThat(found.get(0).lastOffset()).isGreaterThanOrEqualTo(start);
                        }
                    } catch (StorageException.OutOfRange e) {
                        // The start moved between two looks at it.
                    }
                },
                () -> {
                    for (var i = 0; i < 100; i++) {
                        append(batches(10L * i * RECORDS, 10));
                        Stages.await(log.advanceStart((10L * i + 4) * RECORDS));
                    }
                });
    }

    @Test
    @Verifies({"ENGINE-3", "ENGINE-4"})
    void commitsFromManyThreadsMayOverlap() {
        besideReaders(
                committing -> {
                    var end = committing.offsets().end();
                    Stages.await(engine.commit(List.of(committing)));
                    assertThat(committing.offsets().durable()).isGreaterThanOrEqualTo(end);
                },
                () -> append(batches(0, 300)));
    }

    @Test
    @Verifies({"SEGMENTED-1", "LOG-4"})
    void readersSeeSegmentsAsTheyWereOrAsTheyAre() {
        assumeTrue(rig.can(StorageAbility.SEGMENTS), "the engine does not declare SEGMENTS");
        growWithEpoch(0);
        var segments = ((SegmentedLog) log).segments();
        var end = segments.get(segments.size() - 1).baseOffset();
        besideReaders(
                reading -> {
                    var found = SampleBatch.in(Stages.await(reading.read(0, end, 50 * BATCH_BYTES)));
                    checkEpochs(found);
                    assertThat(found)
                            .extracting(SampleBatch::leaderEpoch)
                            .containsOnly(found.get(0).leaderEpoch());
                },
                () -> {
                    for (var epoch = 1; epoch < 60; epoch++) {
                        replaceWithEpoch(epoch, end);
                    }
                });
    }

    private void replaceWithEpoch(int epoch, long end) {
        try (var replacement = ((SegmentedLog) log).replace(0, end)) {
            for (var offset = 0L; offset < end; offset++) {
                var batch = SampleBatch.of(offset, 1, epoch, 0, PAYLOAD_BYTES, 1000L * epoch + offset);
                Stages.await(replacement.append(List.of(batch.toBatch())));
            }
            Stages.await(replacement.finish());
        }
    }

    @Test
    void deletionUnderReadersIsClean() {
        var doomed = rig.open(StorageRig.id("doomed", 0), SMALL.withDurability(Durability.OS));
        doomed.append(batches(0, 50).stream().map(SampleBatch::toBatch).toList());
        var gone = new AtomicBoolean();
        besideReaders(
                reading -> {
                    try {
                        assertThat(LogReader.readAll(doomed, 0, Long.MAX_VALUE)).hasSize(50);
                    } catch (IllegalStateException | StorageException e) {
                        assertThat(gone).isTrue();
                    }
                },
                () -> {
                    gone.set(true);
                    Stages.await(engine.delete(StorageRig.id("doomed", 0)));
                });
    }
}
