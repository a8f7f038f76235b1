package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making appends durable. */
abstract class CommitSuite extends StorageSuite {

    /** So few batches that no segment is full: an engine may have a full one synced in the background, at any moment. */
    private static final int FEW = 8;

    @Test
    @Verifies("ENGINE-3")
    void commitMakesEverythingAppendedDurable() {
        append(batches(0, 25));

        commit();

        assertThat(log.offsets().durable()).isEqualTo(25 * RECORDS);
    }

    @Test
    void nothingIsDurableBeforeCommit() {
        append(batches(0, 3));

        assertThat(log.offsets().durable()).isZero();
        assertThat(log.offsets().end()).isEqualTo(3 * RECORDS);
    }

    @Test
    void whatIsNotDurableCanBeRead() {
        var appended = append(batches(0, 3));

        assertThat(readFrom(0)).isEqualTo(appended);
    }

    @Test
    void appendsToAnOsLogAreDurableOnceCommitted() {
        var os = rig.open(StorageRig.id("os", 0), SMALL.withDurability(Durability.OS));

        os.append(List.of(SampleBatch.of(0, 3, 0, 10).toBatch()));
        Stages.await(engine.commit(List.of(os)));

        assertThat(os.offsets().durable()).isEqualTo(3);
    }

    @Test
    void commitOfNothingCompletes() {
        Stages.await(engine.commit(List.of()));
        Stages.await(engine.commit(List.of(log)));
    }

    @Test
    @Verifies("ENGINE-3")
    void oneCommitCoversManyLogs() {
        List<PartitionLog> logs = IntStream.range(0, 30)
                .mapToObj(partition -> rig.open(StorageRig.id("many", partition), SMALL))
                .toList();
        logs.forEach(each -> each.append(List.of(SampleBatch.of(0, 2, 0, 10).toBatch())));

        Stages.await(engine.commit(logs));

        assertThat(logs).allSatisfy(each -> assertThat(each.offsets().durable()).isEqualTo(2));
    }

    @Test
    @Verifies("ENGINE-4")
    void commitsMayOverlap() {
        var commits = new ArrayList<CompletionStage<Void>>();
        for (var batch : batches(0, 100)) {
            append(List.of(batch));
            commits.add(engine.commit(List.of(log)));
        }

        for (var i = 0; i < commits.size(); i++) {
            Stages.await(commits.get(i));
            assertThat(log.offsets().durable()).isGreaterThanOrEqualTo((i + 1L) * RECORDS);
        }
    }

    @Test
    @Verifies("ENGINE-12")
    void commitsOfALogCompleteInTheOrderOfTheCalls() {
        var order = new CompletionOrder();
        for (var i = 0; i < 300; i++) {
            if (i % 3 != 2) {
                log.append(batches(log.offsets().end(), 1).stream()
                        .map(SampleBatch::toBatch)
                        .toList());
            }
            order.watch(engine.commit(List.of(log)));
        }

        assertThat(order.awaited()).isEqualTo(IntStream.range(0, 300).boxed().toList());
    }

    @Test
    @Verifies("ENGINE-12")
    void commitOfManyLogsCompletesAfterThoseOfSomeOfThem() {
        var logs = IntStream.range(0, 3)
                .mapToObj(partition -> rig.open(StorageRig.id("many", partition), SMALL))
                .toList();
        var order = new CompletionOrder();
        var committed = new ArrayList<List<PartitionLog>>();
        for (var i = 0; i < 300; i++) {
            var chosen = logs.subList(i % 3, i % 3 + 1 + (i / 3) % (3 - i % 3));
            chosen.forEach(each -> each.append(
                    List.of(SampleBatch.of(each.offsets().end(), 1, 0, 10).toBatch())));
            committed.add(chosen);
            order.watch(engine.commit(List.copyOf(chosen)));
        }

        var completed = order.awaited();

        for (var i = 0; i < completed.size(); i++) {
            var logsOfThis = committed.get(completed.get(i));
            for (var earlier : completed.subList(0, i)) {
                assertThat(earlier > completed.get(i) && committed.get(earlier).containsAll(logsOfThis))
                        .as("commit %d completed before commit %d", earlier, completed.get(i))
                        .isFalse();
            }
        }
    }

    @Test
    @Verifies("LOG-3")
    void buffersMayBeUsedAgainAfterCommit() {
        var first = SampleBatch.of(0, 1, 0, 300);
        var second = SampleBatch.of(1, 1, 0, 300);
        var buffer = ByteBuffer.allocateDirect(first.sizeInBytes());

        for (var batch : List.of(first, second)) {
            buffer.clear().put(batch.bytes().duplicate()).flip();
            log.append(List.of(batch.toBatch(buffer)));
            commit();
        }

        assertThat(readFrom(0)).containsExactly(first, second);
    }

    @Test
    void appendLeavesItsBuffersAsTheyWere() {
        var batch = SampleBatch.of(0, 1, 0, 300).toBatch();
        var before = batch.bytes().duplicate();

        log.append(List.of(batch));
        commit();

        assertThat(batch.bytes()).isEqualTo(before);
    }

    @Test
    void durabilityMayChangeWhileTheLogIsOpen() {
        engine.configure(StorageRig.ID, SMALL.withDurability(Durability.OS));
        append(batches(0, 1));
        commit();
        assertThat(log.offsets().durable()).isEqualTo(RECORDS);

        engine.configure(StorageRig.ID, SMALL);
        append(batches(RECORDS, 1));
        commit();

        assertThat(log.offsets().durable()).isEqualTo(2 * RECORDS);
    }

    @Test
    void truncationLowersTheDurableEnd() {
        append(batches(0, FEW));
        commit();
        Stages.await(log.truncateTo(5 * RECORDS));

        append(List.of(SampleBatch.of(5 * RECORDS, 1, 0, 10)));

        assertThat(log.offsets().durable()).isLessThanOrEqualTo(5 * RECORDS);
        commit();
        assertThat(log.offsets().durable()).isEqualTo(5 * RECORDS + 1);
    }

    @Test
    void commitDuringATruncationCoversNothingThatIsAppendedAfterwards() {
        for (var round = 0; round < 50; round++) {
            append(batches(0, FEW));

            var commit = engine.commit(List.of(log));
            Stages.await(log.truncateTo(RECORDS));
            Stages.await(commit);
            append(List.of(SampleBatch.of(RECORDS, FEW * RECORDS, 1, 10)));

            assertThat(log.offsets().durable()).isLessThanOrEqualTo(RECORDS);
            commit();
            Stages.await(log.truncateTo(0));
        }
    }

    @Test
    void whatNoSyncHasCoveredIsNotDurableOnceDurabilityIsFsync() {
        engine.configure(StorageRig.ID, SMALL.withDurability(Durability.OS));
        append(batches(0, 1));

        engine.configure(StorageRig.ID, SMALL);

        assertThat(log.offsets().durable()).isZero();
        commit();
        assertThat(log.offsets().durable()).isEqualTo(RECORDS);
    }

    @Test
    @Verifies("LOG-22")
    void commitOfAClosedLogMakesItDurable() {
        var appended = append(batches(0, 20));
        var closed = log;
        log.close();

        commit();

        assertThat(closed.offsets().durable()).isEqualTo(20 * RECORDS);
        log = rig.open(StorageRig.ID, SMALL);
        assertThat(log.offsets().durable()).isEqualTo(20 * RECORDS);
        assertThat(readFrom(0)).isEqualTo(appended);
    }
}
