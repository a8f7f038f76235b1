package io.thalweg.broker.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OffsetMapTest {

    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).flip();
    }

    @Test
    void lastOffsetOfAKeyCounts() {
        var map = new OffsetMap(16, 0.9);

        map.put(key(1), 5);
        map.put(key(2), 6);
        map.put(key(1), 7);

        assertThat(map.offset(key(1))).isEqualTo(7);
        assertThat(map.offset(key(2))).isEqualTo(6);
        assertThat(map.offset(key(3))).isEqualTo(-1);
        assertThat(map.offset(ByteBuffer.allocate(0))).isEqualTo(-1);
    }

    @Test
    void roomCountsKeysAndNotRecords() {
        var map = new OffsetMap(10, 0.5);

        map.put(key(1), 0);
        map.put(key(1), 1);
        map.put(key(2), 2);

        assertThat(map.maxKeys()).isEqualTo(5);
        assertThat(map.room()).isEqualTo(3);
    }

    @Test
    void aSlotStaysFreeWhateverTheLoadFactor() {
        assertThat(new OffsetMap(10, 1).maxKeys()).isEqualTo(9);
    }

    @Test
    void theKeysBufferStaysAsItIs() {
        var key = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);

        new OffsetMap(16, 0.9).put(key, 1);

        assertThat(key.position()).isEqualTo(1);
        assertThat(key.limit()).isEqualTo(3);
    }

    @Test
    void aFullMapKnowsEveryKeyAsAHashMapDoes() {
        var random = new SplittableRandom(1);
        var map = new OffsetMap(1_000, 0.9);
        var known = new HashMap<Integer, Long>();
        for (var offset = 0L; map.room() > 0; offset++) {
            var number = random.nextInt(2_000);
            map.put(key(number), offset);
            known.put(number, offset);
        }

        for (var number = 0; number < 2_000; number++) {
            assertThat(map.offset(key(number))).isEqualTo(known.getOrDefault(number, -1L));
        }
    }
}
