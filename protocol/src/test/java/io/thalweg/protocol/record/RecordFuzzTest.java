package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Feeds damaged and random bytes to everything that reads them. Nothing but the documented exceptions may come out, and what passes
 * the checker must be what Kafka reads, too.
 */
final class RecordFuzzTest {

    private static final int BATCHES = 64;
    private static final int[] EXTREMES = {Integer.MIN_VALUE, -1, 0, 1, 127, 128, 0xffff, Integer.MAX_VALUE};

    private final RecordChecker checker = new RecordChecker(new DecompressionLimit(4 << 20, 1_000));

    @Test
    void onlyDocumentedExceptions() {
        fuzz(10_000);
    }

    @Test
    @Tag("slow")
    @Timeout(1_200)
    void onlyDocumentedExceptionsInAMillionCases() {
        fuzz(1_000_000);
    }

    private void fuzz(int cases) {
        // From seeds of their own, so that the seed of a failing case is enough to repeat it.
        List<ByteBuffer> sound = LongStream.range(0, BATCHES)
                .mapToObj(i -> KafkaBatch.random(new SplittableRandom(i)))
                .toList();
        int[] passed = new int[1];
        Seeds.run(cases, random -> {
            ByteBuffer damaged = damaged(sound.get(random.nextInt(sound.size())), random);
            if (passes(damaged)) {
                passed[0]++;
            }
        });
        assertThat(passed[0]).as("cases in which the damage did no harm").isLessThan(cases / 2);
    }

    private static ByteBuffer damaged(ByteBuffer sound, RandomGenerator random) {
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            return ByteBuffer.wrap(noise);
        }
        byte[] bytes = KafkaBatch.array(sound);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            damage(ByteBuffer.wrap(bytes), random);
        }
        int kept = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
        if (kept > RecordBatch.HEADER_BYTES && random.nextBoolean()) {
            ByteBuffer.wrap(bytes).putInt(RecordBatch.BATCH_LENGTH_AT, kept - RecordBatch.LENGTH_PREFIX_BYTES);
        }
        return ByteBuffer.wrap(bytes, 0, kept).slice();
    }

    private static void damage(ByteBuffer bytes, RandomGenerator random) {
        int from = random.nextInt(4) == 0 ? 0 : RecordBatch.HEADER_BYTES;
        int at = random.nextInt(from, Math.max(from + 1, bytes.capacity() - Integer.BYTES));
        switch (random.nextInt(4)) {
            case 0 -> bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
            case 1 -> bytes.put(at, (byte) random.nextInt());
            case 2 -> bytes.putInt(at, EXTREMES[random.nextInt(EXTREMES.length)]);
            default -> bytes.put(at, bytes, random.nextInt(at + 1), Math.min(10, bytes.capacity() - at));
        }
    }

    /** Whether the checker accepts all the batches. */
    private boolean passes(ByteBuffer buffer) {
        boolean passed = false;
        try {
            for (RecordBatch batch : RecordBatches.in(buffer)) {
                touchHeader(batch);
                passed = passesChecker(batch);
                List<RecordView> read = readOrNothing(batch);
                if (passed) {
                    assertThat(read).isEqualTo(KafkaBatch.read(batch.bytes()));
                }
            }
        } catch (CorruptRecordException | UnsupportedMagicException expected) {
            assertThat(expected).hasMessageContaining("expected");
        }
        return passed;
    }

    private boolean passesChecker(RecordBatch batch) {
        try {
            checker.check(batch);
            return true;
        } catch (CorruptRecordException expected) {
            return false;
        }
    }

    private static List<RecordView> readOrNothing(RecordBatch batch) {
        try {
            return RecordReaderTest.read(batch);
        } catch (CorruptRecordException expected) {
            return List.of();
        }
    }

    private static void touchHeader(RecordBatch batch) {
        assertThat(batch.toString()).contains("batch of offsets");
        assertThat(batch.isWhole()).isTrue();
        batch.crcIsValid();
        batch.lastSequence();
        batch.timestampType();
    }
}
