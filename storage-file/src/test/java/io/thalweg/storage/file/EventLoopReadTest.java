package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A read that is answered at once has not waited for the disk. */
final class EventLoopReadTest {

    private static final Path DIRECTORY = Path.of("/disk");

    private final SeededRuntime runtime = new SeededRuntime(new Random(1));
    private final Disk disk = new PowerLossDisk(Integer.MAX_VALUE);

    private static boolean isDone(CompletionStage<LogSlice> read) {
        return read.toCompletableFuture().isDone();
    }

    @Test
    void closedSegmentIsReadAtOnceOnlyWhileItsIndexIsInMemory() throws IOException {
        try (var fixture = new Fixture(DIRECTORY, disk, SMALL, runtime)) {
            fixture.append(0, 25);
            while (runtime.runOne()) {
                // Until nothing waits.
            }

            var cold = fixture.log.read(12, Long.MAX_VALUE, 350);
            assertThat(isDone(cold)).isFalse();
            assertThat(SampleBatch.in(fixture.finish(cold))).isEqualTo(Fixture.batches(12, 15));
            var warm = fixture.log.read(15, Long.MAX_VALUE, 350);
            assertThat(isDone(warm)).isTrue();
            assertThat(SampleBatch.in(fixture.finish(warm))).isEqualTo(Fixture.batches(15, 18));
        }
    }

    @Test
    void activeSegmentIsReadAtOnce() throws IOException {
        try (var fixture = new Fixture(DIRECTORY, disk, SMALL, runtime)) {
            fixture.append(0, 25);

            var read = fixture.log.read(22, Long.MAX_VALUE, 350);

            assertThat(isDone(read)).isTrue();
            assertThat(SampleBatch.in(fixture.finish(read))).isEqualTo(Fixture.batches(22, 25));
        }
    }
}
