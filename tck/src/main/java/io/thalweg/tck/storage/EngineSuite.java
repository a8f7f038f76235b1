package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Logs coming and going, and the life of the engine. */
abstract class EngineSuite extends StorageSuite {

    private static final LogId OTHER = StorageRig.id("other.topic-with-dashes", 12);

    @Test
    void logsThatHoldSomethingAreListed() {
        append(batches(0, 1));
        rig.open(OTHER, SMALL).append(List.of(SampleBatch.of(0, 1, 0, 1).toBatch()));

        assertThat(engine.logs()).containsExactlyInAnyOrder(StorageRig.ID, OTHER);
    }

    @Test
    void logsAreListedAfterARestart() {
        append(batches(0, 1));
        rig.open(OTHER, SMALL).append(List.of(SampleBatch.of(0, 1, 0, 1).toBatch()));

        rig.restart();

        assertThat(rig.engine().logs()).containsExactlyInAnyOrder(StorageRig.ID, OTHER);
    }

    @Test
    @Verifies("ENGINE-10")
    void openLogIsOpenedOnce() {
        assertThat(rig.open(StorageRig.ID, SMALL)).isSameAs(log);
    }

    @Test
    @Verifies("ENGINE-13")
    void topicOfTheSameNameBeginsEmptyWhateverAnEarlierOneLeft() {
        append(batches(0, 20));
        rig.restart();
        engine = rig.engine();
        var other = new LogId(StorageRig.ID.topic(), new UUID(1, 2), StorageRig.ID.partition());

        log = rig.open(other, SMALL);

        assertThat(log.offsets().end()).isZero();
        var appended = append(batches(0, 2));
        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(engine.logs()).contains(other);
    }

    @Test
    @Verifies("ENGINE-9")
    void logsDoNotMix() {
        var other = rig.open(OTHER, SMALL);
        var appended = append(batches(0, 20));
        other.append(List.of(SampleBatch.of(0, 1, 0, 1).toBatch()));

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(other.offsets().end()).isEqualTo(1);
    }

    @Test
    @Verifies("ENGINE-9")
    void logsThatGrowInTurnsDoNotMix() {
        var other = rig.open(OTHER, SMALL);
        var elsewhere = LongStream.range(0, 40)
                .mapToObj(offset -> SampleBatch.of(offset, 1, 0, 7))
                .toList();
        var here = batches(0, 40);
        for (var i = 0; i < 40; i++) {
            append(here.subList(i, i + 1));
            other.append(List.of(elsewhere.get(i).toBatch()));
        }

        assertThat(readFrom(0)).isEqualTo(here);
        assertThat(LogReader.readAll(other, 0, Long.MAX_VALUE)).isEqualTo(elsewhere);
    }

    @Test
    @Verifies("ENGINE-9")
    void everythingIsThereAfterARestart() {
        var appended = append(batches(0, 50));
        var before = log.offsets();

        restart();

        assertThat(readFrom(0)).isEqualTo(appended);
        assertThat(log.offsets().end()).isEqualTo(before.end());
        assertThat(log.offsets().durable()).isEqualTo(before.end());
        assertThat(log.offsets().maxTimestamp()).isEqualTo(before.maxTimestamp());
    }

    @Test
    void appendsGoOnAfterManyRestarts() {
        var offset = 0L;
        for (var round = 0; round < 6; round++) {
            append(batches(offset, 7));
            offset += 7 * RECORDS;
            restart();
            assertThat(log.offsets().end()).isEqualTo(offset);
        }

        assertThat(readFrom(0)).isEqualTo(batches(0, 42));
    }

    @Test
    @Verifies("LOG-12")
    void closedLogOpensAgain() {
        var appended = append(batches(0, 20));

        log.close();
        log.close();
        log = rig.open(StorageRig.ID, SMALL);

        assertThat(readFrom(0)).isEqualTo(appended);
        append(batches(20 * RECORDS, 3));
        assertThat(readFrom(0)).hasSize(23);
    }

    @Test
    void closedLogRefusesCalls() {
        append(batches(0, 1));

        log.close();

        assertThatThrownBy(() -> append(batches(RECORDS, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.read(0, 1, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.truncateTo(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Verifies("ENGINE-11")
    void deletedLogIsGone() {
        append(batches(0, 20));

        Stages.await(engine.delete(StorageRig.ID));

        assertThat(engine.logs()).isEmpty();
        assertThat(rig.open(StorageRig.ID, SMALL).offsets().end()).isZero();
    }

    @Test
    @Verifies("ENGINE-11")
    void deletedLogIsGoneAfterARestart() {
        append(batches(0, 20));
        Stages.await(log.advanceStart(15));
        Stages.await(engine.delete(StorageRig.ID));

        restart();

        assertThat(log.offsets().start()).isZero();
        assertThat(log.offsets().end()).isZero();
    }

    @Test
    void logThatIsNotOpenCanBeDeleted() {
        append(batches(0, 20));
        rig.restart();

        Stages.await(rig.engine().delete(StorageRig.ID));

        assertThat(rig.engine().logs()).isEmpty();
    }

    @Test
    void deletionOfAnUnknownLogCompletes() {
        Stages.await(engine.delete(OTHER));
    }

    @Test
    void topicCreatedAgainBeginsEmptyWhileTheOldLogIsDeleted() {
        append(batches(0, 20));
        var again = new LogId(StorageRig.ID.topic(), new UUID(1, 1), StorageRig.ID.partition());

        var deleted = engine.delete(StorageRig.ID);
        var fresh = rig.open(again, SMALL);
        fresh.append(List.of(SampleBatch.of(0, 1, 0, 1).toBatch()));

        Stages.await(deleted);
        assertThat(fresh.offsets().end()).isEqualTo(1);
        assertThat(engine.logs()).containsExactly(again);
    }

    @Test
    void configureOfALogThatIsNotOpenIsRefused() {
        assertThatThrownBy(() -> engine.configure(OTHER, SMALL)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Verifies({"ENGINE-2", "ENGINE-8"})
    void closedEngineRefusesCalls() {
        engine.close();
        engine.close();

        assertThatThrownBy(() -> engine.logs()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> engine.open(OTHER, SMALL)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> append(batches(0, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Verifies("PROVIDER-1")
    void secondEngineOnTheSameStorageIsFencedUntilTheFirstCloses() {
        assertThatThrownBy(() -> rig.provider().open(rig.context())).isInstanceOf(StorageException.Fenced.class);

        append(batches(0, 1));
        restart();

        assertThat(readFrom(0)).hasSize(1);
    }

    @Test
    @Verifies("ENGINE-7")
    void closeKeepsWhatWasNotCommitted() {
        var appended = append(batches(0, 33));

        restart();

        assertThat(readFrom(0)).isEqualTo(appended);
    }
}
