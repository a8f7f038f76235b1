package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LogRestoreTest {

    private static final LogId ID = new LogId("orders", new UUID(1, 2), 0);

    private static final Clock CLOCK = new Clock() {
        @Override
        public long millis() {
            return Batches.TIMESTAMP;
        }

        @Override
        public long nanos() {
            return 0;
        }
    };

    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    CLOCK,
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final PartitionLog log = await(engine.open(ID, LogConfig.DEFAULT));

    @AfterEach
    void close() {
        engine.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private void append(long baseOffset, int leaderEpoch, int records) {
        var bytes = Batches.sequenced(7, 0, (int) baseOffset, records);
        var view = Batches.view(bytes);
        view.assignOffsets(baseOffset);
        view.assignLeaderEpoch(leaderEpoch);
        log.append(List.of(new Batch(bytes, baseOffset, view.lastOffset(), leaderEpoch, view.maxTimestamp())));
    }

    private RestoredLog restore() {
        return await(LogRestore.of(log, engine.checkpoints(ID)));
    }

    private void saveState(long offset, EpochHistory epochs) {
        await(new PartitionState(offset, new ProducerStates(), epochs).save(engine.checkpoints(ID)));
    }

    private Iterable<String> names(long atMost) {
        return List.of(PartitionState.EPOCHS, PartitionState.PRODUCERS).stream()
                .filter(name ->
                        await(engine.checkpoints(ID).latest(name, atMost)).isPresent())
                .toList();
    }

    @Test
    void checkpointOfBatchesThatAreGoneIsNotBelievedLater() {
        append(0, 1, 3);
        saveState(10, EpochHistory.EMPTY.with(9, 8));

        restore();

        assertThat(names(Long.MAX_VALUE)).isEmpty();
        append(3, 2, 8);
        assertThat(restore().epochs().starts())
                .isEqualTo(EpochHistory.EMPTY.with(1, 0).with(2, 3).starts());
    }

    @Test
    void logThatLostEverythingLosesItsCheckpointsToo() {
        saveState(10, EpochHistory.EMPTY.with(9, 8));

        restore();

        assertThat(names(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void checkpointIsReadOnFromWhereItEnds() {
        append(0, 1, 3);
        saveState(3, EpochHistory.EMPTY.with(1, 0));
        append(3, 2, 2);

        var restored = restore();

        assertThat(restored.epochs().starts())
                .isEqualTo(EpochHistory.EMPTY.with(1, 0).with(2, 3).starts());
    }

    /** As after retention and a crash, or on a follower that goes on where its leader begins. */
    @Test
    void producersAreForgottenIfBatchesAfterTheirCheckpointAreGone() {
        append(0, 1, 3);
        var before = restore();
        await(new PartitionState(3, before.producers(), before.epochs()).save(engine.checkpoints(ID)));
        append(3, 1, 5);
        assertThat(restore().producers().entries()).isNotEmpty();

        await(log.advanceStart(8));

        assertThat(restore().producers().entries()).isEmpty();
    }

    @Test
    void logMayEndInAGap() {
        append(0, 1, 3);
        append(8, 1, 1);
        await(log.truncateTo(6));
        assertThat(log.offsets().end()).isEqualTo(6);

        var restored = restore();

        assertThat(restored.log().offsets().end()).isEqualTo(6);
        assertThat(restored.epochs().starts())
                .isEqualTo(EpochHistory.EMPTY.with(1, 0).starts());
    }
}
