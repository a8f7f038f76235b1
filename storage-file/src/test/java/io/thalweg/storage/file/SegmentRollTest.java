package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.tck.storage.SampleBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a segment is closed because of its age. */
final class SegmentRollTest {

    private static final long SEGMENT_MILLIS = 1000;

    @TempDir
    private Path directory;

    /** The timestamp of the first batch that went to another segment than the one with timestamp 0. */
    private long rolledAt(int partition, long jitterMillis) {
        var config = new LogConfig(Durability.FSYNC, 1_000_000, SEGMENT_MILLIS, jitterMillis, 4096, 4096, false);
        var id = new LogId("orders", Fixture.ID.topicId(), partition);
        var storage = FileStorage.at(directory).on(new TestDisk());
        try (var fixture = new Fixture(storage, config, null, ConfigValues.empty(), id)) {
            var offset = 0L;
            while (((SegmentedLog) fixture.log).segments().size() < 2) {
                fixture.log.append(
                        List.of(SampleBatch.of(offset, 1, 10 * offset, 40).toBatch()));
                offset++;
            }
            return 10 * (offset - 1);
        }
    }

    @Test
    void withoutJitterItIsTheAgeThatWasSet() {
        for (var partition = 0; partition < 3; partition++) {
            assertThat(rolledAt(partition, 0)).isEqualTo(SEGMENT_MILLIS + 10);
        }
    }

    @Test
    void jitterTakesSomethingElseOffItForEachLog() {
        var ages = IntStream.range(0, 20)
                .mapToObj(partition -> rolledAt(partition, 500))
                .toList();

        assertThat(ages).allSatisfy(age -> assertThat(age).isBetween(510L, 1010L));
        assertThat(new TreeSet<>(ages)).hasSizeGreaterThan(10);
    }
}
