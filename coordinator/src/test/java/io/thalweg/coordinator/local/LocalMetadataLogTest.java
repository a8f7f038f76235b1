package io.thalweg.coordinator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.coordinator.SteppedLoop;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class LocalMetadataLogTest {

    private static final Clock CLOCK = new Clock() {
        @Override
        public long millis() {
            return 77;
        }

        @Override
        public long nanos() {
            return 0;
        }
    };

    private final SteppedLoop loop = new SteppedLoop();
    private final FaultyEngine engine = new FaultyEngine(new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    CLOCK,
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1))));

    /** What the listener heard, as texts. */
    private final List<String> heard = new ArrayList<>();

    private LocalMetadataLog open() {
        return await(LocalMetadataLog.open(engine, loop, CLOCK, 3));
    }

    private LocalMetadataLog lead() {
        var log = open();
        log.subscribe(new MetadataListener() {
            @Override
            public void snapshot(long endOffset, List<ByteBuffer> records) {
                heard.add("snapshot below " + endOffset + texts(records));
            }

            @Override
            public void committed(long offset, List<ByteBuffer> records) {
                heard.add("entry " + offset + texts(records));
            }

            @Override
            public void leadership(Leadership leadership) {
                heard.add("epoch " + leadership.epoch() + (leadership.isLocal() ? " led" : " not led"));
            }
        });
        loop.run();
        return log;
    }

    private static List<String> texts(List<ByteBuffer> buffers) {
        return buffers.stream()
                .map(buffer -> StandardCharsets.UTF_8.decode(buffer).toString())
                .toList();
    }

    private static List<ByteBuffer> records(String... texts) {
        return List.of(texts).stream()
                .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private <T> T await(CompletionStage<T> stage) {
        loop.run();
        var future = stage.toCompletableFuture();
        assertThat(future).isDone();
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private PartitionLog stored() {
        return engine.open(LocalMetadataLog.ID, LogConfig.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    @Test
    void entryIsOneBatchWhoseLastOffsetIsItsOwn() throws Exception {
        var log = lead();

        long offset = await(log.propose(0, records("one", "two", "three")));

        assertThat(offset).isEqualTo(2);
        try (var slice = stored().read(0, 3, 1 << 20).toCompletableFuture().join()) {
            var bytes = ByteBuffer.allocate(slice.sizeInBytes());
            slice.copyTo(bytes, 0);
            var batch = RecordBatches.in(bytes.flip()).iterator().next();
            assertThat(batch.lastOffset()).isEqualTo(2);
            assertThat(batch.recordsCount()).isEqualTo(3);
            assertThat(batch.maxTimestamp()).isEqualTo(77);
            assertThat(batch.partitionLeaderEpoch()).isZero();
            assertThat(batch.crcIsValid()).isTrue();
        }
        assertThat(heard).containsExactly("epoch 0 led", "entry 2[one, two, three]");
    }

    @Test
    void everyEntryIsSynced() {
        var log = lead();
        engine.commits = 0;

        await(log.propose(0, records("one")));
        await(log.propose(0, records("two")));

        assertThat(engine.commits).isEqualTo(2);
        assertThat(stored().offsets().durable()).isEqualTo(2);
    }

    @Test
    void entryThatWasNotSyncedIsSyncedBeforeItIsTold() {
        var log = lead();
        engine.holdCommits = true;
        var stage = log.propose(0, records("one"));
        loop.run();
        assertThat(heard).containsExactly("epoch 0 led");
        log.close();
        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        engine.holdCommits = false;
        heard.clear();

        lead();

        assertThat(stored().offsets().durable()).isEqualTo(1);
        assertThat(heard).containsExactly("entry 0[one]", "epoch 1 led");
    }

    @Test
    void entryTheEngineDoesNotTakeIsFollowedByANewEpoch() {
        var log = lead();
        engine.refuseAppends = true;

        assertThatThrownBy(() -> await(log.propose(0, records("lost")))).isInstanceOf(StorageException.Full.class);

        engine.refuseAppends = false;
        await(log.propose(1, records("kept")));
        assertThat(heard).containsExactly("epoch 0 led", "epoch 1 led", "entry 0[kept]");
    }

    @Test
    void entryThatIsTooLargeIsFollowedByANewEpoch() {
        var log = lead();

        assertThatThrownBy(() -> await(log.propose(0, List.of(ByteBuffer.allocate(Entry.MAX_BYTES)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has more than " + Entry.MAX_BYTES + " bytes");

        await(log.propose(1, records("kept")));
        assertThat(heard).containsExactly("epoch 0 led", "epoch 1 led", "entry 0[kept]");
    }

    @Test
    void entryThatCannotBeSyncedEndsTheLeadership() {
        var log = lead();
        engine.failCommits = true;

        assertThatThrownBy(() -> await(log.propose(0, records("doubt")))).isInstanceOf(StorageException.Offline.class);

        assertThatThrownBy(() -> await(log.propose(1, records("more"))))
                .hasMessage("proposal under epoch 1 refused: the metadata log is at epoch 1, without a leader");
        assertThat(heard).containsExactly("epoch 0 led", "epoch 1 not led");
    }

    @Test
    void entriesBelowTheSnapshotBeforeTheNewestGo() {
        var log = lead();
        await(log.propose(0, records("one")));
        await(log.snapshot(1, records("upTo1")));
        await(log.propose(0, records("two")));
        assertThat(stored().offsets().start()).isZero();

        await(log.snapshot(2, records("upTo2")));

        assertThat(stored().offsets().start()).isEqualTo(1);
    }

    @Test
    void damagedSnapshotLeavesTheOneBeforeAndTheEntriesAfterIt() {
        var log = lead();
        await(log.propose(0, records("one")));
        await(log.snapshot(1, records("upTo1")));
        await(log.propose(0, records("two")));
        await(log.snapshot(2, records("upTo2")));
        log.close();
        engine.checkpoints(LocalMetadataLog.ID).removeAbove(1);
        heard.clear();

        lead();

        assertThat(heard).containsExactly("snapshot below 1[upTo1]", "entry 1[two]", "epoch 1 led");
    }

    @Test
    void holeBetweenSnapshotAndLogIsRefused() {
        var log = lead();
        await(log.propose(0, records("one", "two")));
        log.close();
        stored().advanceStart(2);

        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessage("metadata log begins at offset 2, its snapshot ends at 0: what lay between is lost");
    }

    @Test
    void emptyLogAfterASnapshotGoesOnAtItsEnd() {
        var log = lead();
        await(log.propose(0, records("one", "two")));
        await(log.snapshot(2, records("all")));
        log.close();
        stored().truncateTo(0);
        heard.clear();

        var again = lead();

        assertThat(heard).containsExactly("snapshot below 2[all]", "epoch 1 led");
        assertThat(await(again.propose(1, records("three")))).isEqualTo(2);
    }

    @Test
    void snapshotOfAnotherVersionIsRefused() {
        var log = lead();
        await(log.propose(0, records("one")));
        log.close();
        engine.checkpoints(LocalMetadataLog.ID)
                .save(new Checkpoint("metadata", 1, ByteBuffer.wrap(new byte[] {0, 9, 0, 0, 0, 0, 0, 0, 0, 0})));

        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.Corrupt.class)
                .hasMessage("metadata snapshot below offset 1 has version 9; known is 0");
    }

    @Test
    void snapshotThatEndsEarlyIsRefused() {
        var whole = new Snapshot(5, 2, records("one", "two")).toCheckpoint();
        for (int length = 0; length < whole.bytes().remaining(); length++) {
            var cut = new Checkpoint("metadata", 5, whole.bytes().slice(0, length));
            assertThatThrownBy(() -> Snapshot.fromCheckpoint(cut)).isInstanceOf(StorageException.Corrupt.class);
        }
        assertThat(Snapshot.fromCheckpoint(whole)).isEqualTo(new Snapshot(5, 2, records("one", "two")));
    }

    @Test
    void snapshotAheadOfTheLogIsRefused() {
        var log = lead();
        await(log.propose(0, records("one")));

        assertThatThrownBy(() -> await(log.snapshot(2, records("all"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("snapshot below offset 2 refused: entries are committed up to 1");
    }

    @Test
    void olderSnapshotThanTheNewestChangesNothing() {
        var log = lead();
        await(log.propose(0, records("one")));
        await(log.propose(0, records("two")));
        await(log.snapshot(2, records("upTo2")));

        await(log.snapshot(1, records("upTo1")));

        log.close();
        heard.clear();
        lead();
        assertThat(heard).containsExactly("snapshot below 2[upTo2]", "epoch 1 led");
    }

    @Test
    void proposalNeedsARecordAndALeader() {
        var log = open();

        assertThatThrownBy(() -> log.propose(0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> await(log.propose(0, records("early"))))
                .hasMessage("proposal under epoch 0 refused: the metadata log is at epoch -1, without a leader");
    }

    @Test
    void closedLoopClosesTheLog() {
        var log = lead();
        loop.close();

        assertThat(log.propose(0, records("late")).toCompletableFuture()).isCompletedExceptionally();
        assertThatThrownBy(() -> log.barrier()).isInstanceOf(IllegalStateException.class);
    }
}
