package io.thalweg.memory.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.CheckingStorage;
import io.thalweg.tck.storage.SampleBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each kind of misuse is noted, and good use is not. */
final class CheckingStorageTest {

    private static final LogId ID = new LogId("orders", new UUID(1, 2), 0);

    private final RealRuntime runtime = new RealRuntime();
    private final CheckingStorage storage = new CheckingStorage(new MemoryStorage());
    private final StorageEngine engine = open(storage);
    private final PartitionLog log = get(engine.open(ID, LogConfig.DEFAULT));

    @AfterEach
    void close() {
        engine.close();
        runtime.close();
    }

    private StorageEngine open(CheckingStorage from) {
        return from.open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new SplittableRandom(1)));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static SampleBatch batch(long baseOffset) {
        return SampleBatch.of(baseOffset, 1, 0, 10);
    }

    private void isNoted(String what) {
        assertThatThrownBy(storage::assertWellUsed).hasMessageContaining(what);
    }

    @Test
    void goodUseIsNotNoted() {
        log.append(List.of(batch(0).toBatch(), batch(1).toBatch()));
        get(engine.commit(List.of(log)));
        get(log.read(0, 2, 100)).close();
        get(engine.checkpoints(ID).save(new Checkpoint("state", 2, ByteBuffer.allocate(1))));
        get(log.truncateTo(1));
        log.append(List.of(batch(1).toBatch()));
        engine.close();

        assertThatCode(storage::assertWellUsed).doesNotThrowAnyException();
    }

    @Test
    void sliceThatIsNotClosed() {
        log.append(List.of(batch(0).toBatch()));

        var slice = get(log.read(0, 1, 100));

        isNoted("1 slices not closed");
        slice.close();
        assertThatCode(storage::assertWellUsed).doesNotThrowAnyException();
    }

    @Test
    void sliceOfACrash() {
        log.append(List.of(batch(0).toBatch()));
        LogSlice unused = get(log.read(0, 1, 100));

        storage.forgetSlices();

        assertThat(unused.sizeInBytes()).isPositive();
        assertThatCode(storage::assertWellUsed).doesNotThrowAnyException();
    }

    @Test
    void appendBelowTheEnd() {
        log.append(List.of(batch(5).toBatch()));

        assertThatThrownBy(() -> log.append(List.of(batch(5).toBatch()))).isInstanceOf(IllegalArgumentException.class);

        isNoted("LOG-9: append to orders-0 at 5: the log ends at 6");
    }

    @Test
    void memoryThatChangesBeforeTheCommit() {
        var batch = batch(3).toBatch();
        log.append(List.of(batch));
        batch.bytes().put(20, (byte) (batch.bytes().get(20) + 1));

        get(engine.commit(List.of(log)));

        isNoted("LOG-3: the memory of batch 3 of orders-0");
    }

    @Test
    void memoryMayChangeAfterTheCommit() {
        var batch = batch(3).toBatch();
        log.append(List.of(batch));
        get(engine.commit(List.of(log)));

        batch.bytes().put(20, (byte) (batch.bytes().get(20) + 1));

        get(engine.commit(List.of(log)));
        assertThatCode(storage::assertWellUsed).doesNotThrowAnyException();
    }

    @Test
    void callsAfterTheClose() {
        log.close();

        assertThatThrownBy(() -> log.append(List.of(batch(0).toBatch()))).isInstanceOf(IllegalStateException.class);
        engine.close();
        assertThatThrownBy(() -> engine.commit(List.of())).isInstanceOf(IllegalStateException.class);

        isNoted("LOG-12: append of orders-0 after its close");
        isNoted("ENGINE-8: commit after the close of the engine");
    }

    @Test
    void commitOfADeletedLog() {
        get(engine.delete(ID));

        var unused = catchThrowable(() -> engine.commit(List.of(log)));

        isNoted("commit of orders-0, which is not a log of this engine");
    }

    @Test
    void engineHasSegmentsOnlyIfTheOtherHas() {
        assertThat(engine).isInstanceOf(SegmentedEngine.class);
        assertThat(log).isInstanceOf(SegmentedLog.class);

        try (var plain = open(new CheckingStorage(new WithoutSegments(CompletableFuture.completedFuture(null))))) {
            assertThat(plain).isNotInstanceOf(SegmentedEngine.class);
            var unsegmented = get(plain.open(ID, LogConfig.DEFAULT));
            assertThat(unsegmented).isNotInstanceOf(SegmentedLog.class);
            unsegmented.append(List.of(batch(0).toBatch()));
            get(plain.commit(List.of(unsegmented)));
            assertThat(unsegmented.offsets().durable()).isEqualTo(1);
        }
    }

    @Test
    void appendBeforeATruncationHasCompleted() {
        assertThat(notedBeside(log -> log.truncateTo(0)))
                .contains("1 calls", "LOG-7: append of orders-0 before an earlier truncation or start has completed");
    }

    @Test
    void appendBeforeAStartPastTheEndHasCompleted() {
        assertThat(notedBeside(log -> log.advanceStart(7)))
                .contains("1 calls", "LOG-7: append of orders-0 before an earlier truncation or start has completed");
    }

    @Test
    void appendBesideAStartBelowTheEnd() {
        assertThat(notedBeside(log -> log.advanceStart(1))).isEmpty();
    }

    /** What is noted of an append that comes before the end of a change to a log of two batches, and of one that comes after it. */
    private String notedBeside(Function<PartitionLog, CompletionStage<Void>> change) {
        var let = new CompletableFuture<Void>();
        var slow = new CheckingStorage(new WithoutSegments(let));
        try (var plain = open(slow)) {
            var changed = get(plain.open(ID, LogConfig.DEFAULT));
            changed.append(List.of(batch(0).toBatch(), batch(1).toBatch()));

            var underWay = change.apply(changed);
            changed.append(List.of(batch(10).toBatch()));
            let.complete(null);
            get(underWay);
            changed.append(List.of(batch(11).toBatch()));

            var noted = catchThrowable(slow::assertWellUsed);
            return noted == null ? "" : noted.toString();
        }
    }

    @Test
    void negativeOffsets() {
        assertThatThrownBy(() -> get(log.read(-1, 0, 1)));

        isNoted("read of orders-0 from -1 up to 0");
    }
}
