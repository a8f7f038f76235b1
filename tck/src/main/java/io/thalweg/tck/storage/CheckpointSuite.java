package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The notes that go with a log. */
abstract class CheckpointSuite extends StorageSuite {

    private static final String NAME = "leader-epochs";

    private Checkpoints checkpoints() {
        return engine.checkpoints(StorageRig.ID);
    }

    private void save(String name, long offset, String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        Stages.await(checkpoints().save(new Checkpoint(name, offset, bytes)));
    }

    private Optional<String> latest(String name, long atMost) {
        return Stages.await(checkpoints().latest(name, atMost))
                .map(found -> found.offset() + ":"
                        + StandardCharsets.UTF_8.decode(found.bytes().duplicate()));
    }

    @Test
    void thereIsNoneAtFirst() {
        assertThat(latest(NAME, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    @Verifies("CHECKPOINT-2")
    void latestIsTheOneWithTheGreatestOffset() {
        append(batches(0, 1));
        save(NAME, 10, "ten");
        save(NAME, 200, "two hundred");

        assertThat(latest(NAME, Long.MAX_VALUE)).hasValue("200:two hundred");
        assertThat(latest(NAME, 200)).hasValue("200:two hundred");
        assertThat(latest(NAME, 199)).hasValue("10:ten");
        assertThat(latest(NAME, 9)).isEmpty();
    }

    @Test
    void namesAreApart() {
        save(NAME, 10, "epochs");
        save("producers", 20, "producers");

        assertThat(latest(NAME, 100)).hasValue("10:epochs");
        assertThat(latest("producers", 100)).hasValue("20:producers");
    }

    @Test
    void saveReplacesTheOneAtTheSameOffset() {
        save(NAME, 10, "a longer text");
        save(NAME, 10, "short");

        assertThat(latest(NAME, 10)).hasValue("10:short");
    }

    @Test
    @Verifies("CHECKPOINT-3")
    void twoNewestAreKept() {
        for (var offset = 1; offset <= 5; offset++) {
            save(NAME, offset, "n" + offset);
        }

        assertThat(latest(NAME, 5)).hasValue("5:n5");
        assertThat(latest(NAME, 4)).hasValue("4:n4");
    }

    @Test
    void removeAboveKeepsWhatIsAtOrBelow() {
        save(NAME, 10, "ten");
        save(NAME, 20, "twenty");
        save("producers", 21, "late");

        Stages.await(checkpoints().removeAbove(10));

        assertThat(latest(NAME, 100)).hasValue("10:ten");
        assertThat(latest("producers", 100)).isEmpty();
    }

    @Test
    void anEmptyNoteIsANote() {
        save(NAME, 0, "");

        assertThat(latest(NAME, 0)).hasValue("0:");
    }

    @Test
    @Verifies("CHECKPOINT-1")
    void bufferMayBeUsedAgainAfterSave() {
        var bytes = ByteBuffer.wrap("first".getBytes(StandardCharsets.UTF_8));
        Stages.await(checkpoints().save(new Checkpoint(NAME, 1, bytes)));

        bytes.put(0, (byte) 'X');

        assertThat(latest(NAME, 1)).hasValue("1:first");
    }

    @Test
    @Verifies("CHECKPOINT-2")
    void notesOutliveARestart() {
        append(batches(0, 1));
        save(NAME, 3, "three");

        restart();

        assertThat(latest(NAME, 3)).hasValue("3:three");
    }

    @Test
    @Verifies("CHECKPOINT-2")
    void noteOfALogWithoutBatchesOutlivesARestart() {
        save(NAME, 0, "nothing yet");

        restart();

        assertThat(latest(NAME, 0)).hasValue("0:nothing yet");
        assertThat(append(batches(0, 2))).isEqualTo(readFrom(0));
    }

    @Test
    @Verifies("ENGINE-11")
    void deletionOfTheLogDeletesItsNotes() {
        append(batches(0, 1));
        save(NAME, 3, "three");
        Stages.await(engine.delete(StorageRig.ID));

        rig.open(StorageRig.ID, SMALL);

        assertThat(latest(NAME, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    @Verifies("CHECKPOINT-1")
    void noteIsWhatLiesBetweenPositionAndLimit() {
        var bytes = ByteBuffer.wrap("before;note;after".getBytes(StandardCharsets.UTF_8));
        var note = bytes.duplicate().position(7).limit(11);

        Stages.await(checkpoints().save(new Checkpoint(NAME, 1, note)));

        assertThat(note.position()).isEqualTo(7);
        assertThat(note.limit()).isEqualTo(11);
        assertThat(latest(NAME, 1)).hasValue("1:note");
        restart();
        assertThat(latest(NAME, 1)).hasValue("1:note");
    }
}
