package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a partition knows of transactions, from its batches and from its checkpoints. */
final class TransactionsTest {

    private static final LogId ID = new LogId("orders", new UUID(1, 2), 0);

    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    new ManualClock(),
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final PartitionLog log = await(engine.open(ID, LogConfig.DEFAULT));
    private final ProducerStates states = new ProducerStates();

    @AfterEach
    void close() {
        engine.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private void append(ByteBuffer bytes) {
        var batch = Batches.view(bytes);
        batch.assignOffsets(log.offsets().end());
        batch.assignLeaderEpoch(1);
        log.append(List.of(new Batch(bytes, batch.baseOffset(), batch.lastOffset(), 1, batch.maxTimestamp())));
        states.note(batch);
        states.keep();
    }

    private void write(long producerId, int sequence) {
        append(Batches.transactional(producerId, sequence, 1));
    }

    private void end(long producerId, TransactionMarker marker) {
        append(Batches.marker(producerId, marker));
    }

    private long stable(long highWatermark) {
        return states.transactions().lastStableOffset(highWatermark);
    }

    private ProducerStates restored() {
        return await(LogRestore.of(log, engine.checkpoints(ID))).producers();
    }

    private void save() {
        await(new PartitionState(log.offsets().end(), states, EpochHistory.EMPTY.with(1, 0))
                .save(engine.checkpoints(ID)));
    }

    private static List<AbortedTransaction> aborted(ProducerStates producers) {
        return producers.transactions().aborted().list();
    }

    /** 0: 7 writes, 1: 8 writes, 2: 7 aborts, 3: 9 writes, 4: 8 commits, 5: 9 aborts, 6: 7 writes. */
    private void writeSome() {
        write(7, 0);
        write(8, 0);
        end(7, TransactionMarker.ABORT);
        write(9, 0);
        end(8, TransactionMarker.COMMIT);
        end(9, TransactionMarker.ABORT);
        write(7, 1);
    }

    private static final List<AbortedTransaction> SOME =
            List.of(new AbortedTransaction(7, 0, 2, 1), new AbortedTransaction(9, 3, 5, 6));

    @Test
    void stableIsWhatLiesBelowTheFirstOpenOne() {
        append(Batches.plain(1));
        assertThat(stable(1)).isEqualTo(1);
        write(7, 0);
        write(8, 0);
        assertThat(stable(3)).isEqualTo(1);

        end(7, TransactionMarker.COMMIT);

        assertThat(stable(3)).isEqualTo(1);
        assertThat(stable(4)).isEqualTo(2);
        end(8, TransactionMarker.ABORT);
        assertThat(stable(5)).isEqualTo(5);
    }

    @Test
    void thoseThatWereAbortedAreKnownInTheOrderOfTheirEnds() {
        writeSome();

        assertThat(aborted(states)).isEqualTo(SOME);
        assertThat(states.transactions().starts()).containsExactly(Map.entry(7L, 6L));
        assertThat(stable(7)).isEqualTo(6);
    }

    @Test
    void whatTheLogRefusesNeverWas() {
        writeSome();
        var marker = Batches.view(Batches.marker(7, TransactionMarker.ABORT));
        marker.assignOffsets(7);
        states.note(marker);
        var other = Batches.view(Batches.transactional(8, 1, 1));
        other.assignOffsets(8);
        states.note(other);

        states.undo();

        assertThat(aborted(states)).isEqualTo(SOME);
        assertThat(states.transactions().starts()).containsExactly(Map.entry(7L, 6L));
        assertThat(stable(7)).isEqualTo(6);
    }

    @Test
    void markerWithoutATransactionIsNothing() {
        end(7, TransactionMarker.ABORT);

        assertThat(aborted(states)).isEmpty();
        assertThat(stable(1)).isEqualTo(1);
    }

    @Test
    void batchesTellThemAgain() {
        writeSome();

        var restored = restored();

        assertThat(aborted(restored)).isEqualTo(SOME);
        assertThat(restored.transactions().starts())
                .isEqualTo(states.transactions().starts());
    }

    @Test
    void checkpointsAreReadOnFromWhereTheyEnd() {
        writeSome();
        save();
        end(7, TransactionMarker.ABORT);
        write(8, 1);

        var restored = restored();

        assertThat(aborted(restored)).hasSize(3).startsWith(SOME.toArray(AbortedTransaction[]::new));
        assertThat(aborted(restored).get(2)).isEqualTo(new AbortedTransaction(7, 6, 7, 8));
        assertThat(restored.transactions().starts()).containsExactly(Map.entry(8L, 8L));
    }

    @Test
    void checkpointIsBelievedWhereItIsWhole() {
        writeSome();
        save();
        var other = TransactionCheckpoint.write(AbortedTransactions.of(List.of(new AbortedTransaction(5, 1, 4, 5))));
        await(engine.checkpoints(ID).save(new Checkpoint(PartitionState.TRANSACTIONS, 7, other)));

        assertThat(aborted(restored())).containsExactly(new AbortedTransaction(5, 1, 4, 5));
    }

    @Test
    void damagedCheckpointIsMadeAnewFromTheBatches() {
        writeSome();
        save();
        for (var damaged : List.of(
                ByteBuffer.allocate(35),
                TransactionCheckpoint.write(AbortedTransactions.of(
                        List.of(new AbortedTransaction(5, 1, 4, 5), new AbortedTransaction(6, 1, 3, 5)))))) {
            await(engine.checkpoints(ID).save(new Checkpoint(PartitionState.TRANSACTIONS, 7, damaged)));

            assertThat(aborted(restored())).isEqualTo(SOME);
        }
    }

    @Test
    void thoseBelowTheStartAreForgotten() {
        writeSome();

        states.transactions().startAdvanced(3);

        assertThat(aborted(states)).isEqualTo(SOME.subList(1, 2));
    }

    @Test
    void producerWithAnOpenTransactionIsNotForgotten() {
        write(7, 0);
        append(Batches.sequenced(8, 0, 0, 1));

        states.expire(Long.MAX_VALUE);

        assertThat(states.entries()).containsOnlyKeys(7L);
    }

    @Test
    void readersHearOfThoseThatReachIntoWhatTheyRead() {
        writeSome();
        var all = states.transactions().aborted();

        assertThat(all.between(0, 6, 10).transactions()).isEqualTo(SOME);
        assertThat(all.between(0, 3, 10).transactions()).isEqualTo(SOME.subList(0, 1));
        assertThat(all.between(3, 6, 10).transactions()).isEqualTo(SOME.subList(1, 2));
        assertThat(all.between(6, 6, 10).transactions()).isEmpty();
    }

    /** One after the other, one record each. */
    @Test
    void readersHearOfManyLittleByLittle() {
        for (var sequence = 0; sequence < 100; sequence++) {
            write(7, sequence);
            end(7, TransactionMarker.ABORT);
        }
        var all = states.transactions().aborted();

        var from = 0L;
        var heard = LongStream.builder();
        while (from < 200) {
            var found = all.between(from, 200, 7);
            assertThat(found.transactions()).hasSizeBetween(1, 7);
            assertThat(found.upTo()).isGreaterThan(from);
            found.transactions().forEach(each -> heard.add(each.firstOffset()));
            from = found.upTo();
        }

        assertThat(heard.build().toArray())
                .containsExactly(LongStream.range(0, 100).map(n -> 2 * n).toArray());
    }

    /** A long one among short ones: whoever reads any of it is told. */
    @Test
    void longOneIsToldToEveryReaderInIt() {
        write(1, 0);
        for (var sequence = 0; sequence < 20; sequence++) {
            write(7, sequence);
            end(7, TransactionMarker.ABORT);
        }
        end(1, TransactionMarker.ABORT);
        var all = states.transactions().aborted();

        for (var from = 0L; from < 41; from++) {
            var found = all.between(from, 42, 3);
            assertThat(found.transactions())
                    .extracting(AbortedTransaction::producerId)
                    .contains(1L);
            assertThat(found.upTo()).isGreaterThan(from);
        }
    }
}
