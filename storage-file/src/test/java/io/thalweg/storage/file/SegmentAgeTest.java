package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a segment says about its age where its batches say nothing. */
final class SegmentAgeTest {

    @TempDir
    private Path directory;

    private static LogSegment only(Fixture fixture) {
        return ((SegmentedLog) fixture.log).segments().get(0);
    }

    private static void append(Fixture fixture, long offset, long timestamp) {
        fixture.log.append(List.of(SampleBatch.of(offset, 1, timestamp, 40).toBatch()));
    }

    @Test
    void withoutTimestampsItIsAsOldAsItsLastAppend() {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            var before = fixture.runtime.millis();

            append(fixture, 0, -1);

            assertThat(only(fixture).maxTimestamp()).isEqualTo(-1);
            assertThat(only(fixture).modifiedMillis()).isBetween(before, fixture.runtime.millis());
        }
    }

    @Test
    void withATimestampThatCounts() {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            append(fixture, 0, -1);

            append(fixture, 1, 77);

            assertThat(only(fixture))
                    .isEqualTo(new LogSegment(0, 2, only(fixture).sizeInBytes(), 77));
        }
    }

    @Test
    void afterAStartItsFileTells() throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            append(fixture, 0, -1);
        }
        Files.setLastModifiedTime(Fixture.file(directory, "00000000000000000000.log"), FileTime.fromMillis(1_234_000));

        try (var fixture = new Fixture(directory, new TestDisk())) {
            assertThat(only(fixture).modifiedMillis()).isEqualTo(1_234_000);
        }
    }

    @Test
    void transactionIndexOfKafkaGoesWithItsSegment() throws IOException {
        try (var fixture = new Fixture(directory, new TestDisk())) {
            fixture.append(0, 25);
            fixture.commit();
            var index = Fixture.file(directory, "00000000000000000000.txnindex");
            Files.write(index, new byte[34]);

            Fixture.await(fixture.log.advanceStart(12));

            assertThat(index).doesNotExist();
        }
    }
}
