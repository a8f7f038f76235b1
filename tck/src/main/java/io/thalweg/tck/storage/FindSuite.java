package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.tck.Verifies;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Looking up offsets by time. */
abstract class FindSuite extends StorageSuite {

    private OptionalLong find(long timestamp) {
        return Stages.await(log.find(timestamp));
    }

    @Test
    void emptyLogHasNoTimestamps() {
        assertThat(find(0)).isEmpty();
        assertThat(find(Long.MIN_VALUE)).isEmpty();
    }

    @Test
    void findGivesTheFirstBatchAtOrAfterTheTime() {
        append(batches(0, 60));

        for (var timestamp = -1L; timestamp <= 59 * RECORDS; timestamp++) {
            var expected = Math.max(0, (timestamp + RECORDS - 1) / RECORDS * RECORDS);
            assertThat(find(timestamp)).hasValue(expected);
        }
        assertThat(find(59 * RECORDS + 1)).isEmpty();
    }

    @Test
    void timesMayGoBack() {
        var random = new Random(5);
        var timestamps = random.longs(80, 0, 50).toArray();
        for (var i = 0; i < timestamps.length; i++) {
            append(List.of(SampleBatch.of(i, 1, timestamps[i], 100)));
        }

        for (var timestamp = 0L; timestamp <= 51; timestamp++) {
            var wanted = timestamp;
            var expected = IntStream.range(0, timestamps.length)
                    .filter(i -> timestamps[i] >= wanted)
                    .asLongStream()
                    .findFirst();
            assertThat(find(timestamp)).isEqualTo(expected);
        }
    }

    @Test
    @Verifies("LOG-19")
    void findPassesOverWhatIsBelowTheStart() {
        append(batches(0, 30));

        Stages.await(log.advanceStart(10 * RECORDS + 1));

        assertThat(find(0)).hasValue(10 * RECORDS + 1);
        assertThat(find(11 * RECORDS)).hasValue(11 * RECORDS);
    }

    @Test
    void findSeesWhatATruncationLeft() {
        append(batches(0, 30));

        Stages.await(log.truncateTo(12 * RECORDS));

        assertThat(find(11 * RECORDS)).hasValue(11 * RECORDS);
        assertThat(find(11 * RECORDS + 1)).isEmpty();
    }

    @Test
    void findWorksAfterARestart() {
        append(batches(0, 60));

        restart();

        for (var timestamp = 0L; timestamp <= 59 * RECORDS; timestamp += 7) {
            assertThat(find(timestamp)).hasValue((timestamp + RECORDS - 1) / RECORDS * RECORDS);
        }
        assertThat(log.offsets().maxTimestamp()).isEqualTo(59 * RECORDS);
    }
}
