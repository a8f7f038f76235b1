package io.thalweg.spi.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LogOffsetsTest {

    private static final LogId ID = new LogId("orders", new UUID(1, 2), 3);
    private static final LogOffsets BOUNDS = new LogOffsets(5, 5, 20, 12, 700);

    private static Batch batch(long baseOffset, long lastOffset, long timestamp) {
        return new Batch(ByteBuffer.wrap(new byte[] {1, 2, 3}), baseOffset, lastOffset, 0, timestamp);
    }

    @Test
    void batchesMoveTheEndAndTheNewestTimestamp() {
        var after = BOUNDS.appended(ID, List.of(batch(20, 21, 900), batch(30, 30, 800)));

        assertThat(after).isEqualTo(new LogOffsets(5, 5, 31, 12, 900));
    }

    @Test
    void nothingAppendedChangesNothing() {
        assertThat(BOUNDS.appended(ID, List.of())).isEqualTo(BOUNDS);
    }

    @Test
    void batchBelowTheEndIsRefused() {
        assertThatThrownBy(() -> BOUNDS.appended(ID, List.of(batch(19, 25, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("append to orders-3 at offset 19 refused: the log ends at 20 there");
    }

    @Test
    void batchThatOverlapsTheOneBeforeIsRefused() {
        assertThatThrownBy(() -> BOUNDS.appended(ID, List.of(batch(20, 22, 0), batch(22, 23, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("append to orders-3 at offset 22 refused: the log ends at 23 there");
    }

    @Test
    void readsBeginFromTheStartToTheEnd() {
        assertThatCode(() -> BOUNDS.checkReadable(ID, 5)).doesNotThrowAnyException();
        assertThatCode(() -> BOUNDS.checkReadable(ID, 20)).doesNotThrowAnyException();
        assertThatThrownBy(() -> BOUNDS.checkReadable(ID, 4))
                .isInstanceOf(StorageException.OutOfRange.class)
                .hasMessage("read of orders-3 at offset 4 refused: it holds 5 up to 20");
        assertThatThrownBy(() -> BOUNDS.checkReadable(ID, 21)).isInstanceOf(StorageException.OutOfRange.class);
    }

    @Test
    void durableEndMovesAlone() {
        assertThat(BOUNDS.withDurable(20)).isEqualTo(new LogOffsets(5, 5, 20, 20, 700));
    }

    @Test
    void copiesKeepWhatLiesBetweenPositionAndLimit() {
        var lent = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}).position(1).limit(3);
        var batch = new Batch(lent, 1, 2, 3, 4).copy();
        var note = new Checkpoint("notes", 7, lent).copy();

        lent.put(1, (byte) 8);

        assertThat(batch).isEqualTo(new Batch(ByteBuffer.wrap(new byte[] {1, 2}), 1, 2, 3, 4));
        assertThat(note).isEqualTo(new Checkpoint("notes", 7, ByteBuffer.wrap(new byte[] {1, 2})));
        assertThat(batch.bytes().array()).hasSize(2);
        assertThat(lent.position()).isEqualTo(1);
    }
}
