package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BatchMemoryTest {

    private static final int BATCH_BYTES = 16 << 10;

    private final BatchMemory memory = new BatchMemory(BATCH_BYTES, 2 * BATCH_BYTES);

    @Test
    void memoryOfALargeBatchIsUsedAgain() {
        var first = memory.take(BATCH_BYTES);
        assertThat(memory.take(BATCH_BYTES)).isNotSameAs(first);

        memory.give(first);

        assertThat(memory.take(BATCH_BYTES)).isSameAs(first);
    }

    @Test
    void batchesThatStaySmallBeginInLittleMemory() {
        assertThat(memory.take(100).length).isLessThan(BATCH_BYTES / 4);
    }

    @Test
    void noMoreIsKeptThanSaid() {
        var given = Stream.generate(() -> new byte[BATCH_BYTES]).limit(3).toList();

        given.forEach(memory::give);

        assertThat(memory.take(BATCH_BYTES)).isSameAs(given.get(1));
        assertThat(memory.take(BATCH_BYTES)).isSameAs(given.get(0));
        assertThat(memory.take(BATCH_BYTES)).isNotSameAs(given.get(2));
    }

    @Test
    void littleMemoryIsNotKept() {
        var little = memory.take(100);

        memory.give(little);

        assertThat(memory.take(BATCH_BYTES)).isNotSameAs(little);
    }
}
