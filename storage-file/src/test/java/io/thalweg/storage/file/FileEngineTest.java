package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.tck.runtime.RealRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an engine ends. */
final class FileEngineTest {

    @TempDir
    private Path directory;

    @Test
    void stopThatDoesNotWaitForItsLogsLeavesNoSignOfACleanOne() {
        var isStuck = new AtomicBoolean();
        try (var runtime = new RealRuntime()) {
            Workers workers = (name, threads) -> new Impatient(runtime.start(name, threads), isStuck);
            var engine = FileStorage.at(directory)
                    .open(new StorageContext(ConfigValues.empty(), runtime, runtime, workers, new Random(1)));
            Fixture.await(engine.open(Fixture.ID, LogConfig.DEFAULT))
                    .append(List.of(Fixture.batches(0, 1).get(0).toBatch()));
            isStuck.set(true);

            engine.close();
        }

        assertThat(directory.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    @Test
    void logThatWasOnlyOpenedLeavesNothing() {
        try (var runtime = new RealRuntime();
                var engine = FileStorage.at(directory)
                        .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)))) {
            Fixture.await(engine.open(Fixture.ID, LogConfig.DEFAULT)).close();

            assertThat(engine.logs()).isEmpty();
            assertThat(directory.resolve(Fixture.ID.toString())).doesNotExist();
        }
    }

    /** Threads that are busy with something else until everybody has stopped waiting for them. */
    private record Impatient(Workers.Pool pool, AtomicBoolean isStuck) implements Workers.Pool {

        @Override
        public void execute(Runnable task) {
            if (!isStuck.get()) {
                pool.execute(task);
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
