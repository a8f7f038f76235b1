package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.tck.runtime.RealRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directory a new log comes to. */
final class PlacementTest {

    private static final int ROUNDS = 1_000;

    @TempDir
    private Path root;

    /** Two that come at once, again and again: each counts the one that was placed before it. */
    @Test
    void logsThatAreOpenedAtOnceGoToDifferentDirectories() {
        try (var runtime = new RealRuntime()) {
            var stores = LogDirectories.open(
                            new TestDisk(),
                            List.of(root.resolve("first"), root.resolve("second")),
                            new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)))
                    .stores();
            var placement = new Placement(stores);
            var meetings = new AtomicInteger();

            var other = CompletableFuture.runAsync(() -> placeAll(placement, "others", meetings, () -> {}));
            var unevenCount = new AtomicInteger();
            placeAll(
                    placement,
                    "orders",
                    meetings,
                    () -> unevenCount.addAndGet(
                            stores.get(0).logCount() == stores.get(1).logCount() ? 0 : 1));
            other.join();

            stores.forEach(DirectoryStore::close);
            assertThat(unevenCount).hasValue(0);
        }
    }

    private static void placeAll(Placement placement, String topic, AtomicInteger meetings, Runnable afterEach) {
        try {
            for (var round = 0; round < ROUNDS; round++) {
                meet(meetings, 4 * round + 2);
                placement.place(new LogId(topic, new UUID(1, 2), round));
                meet(meetings, 4 * round + 4);
                afterEach.run();
            }
        } finally {
            meetings.set(4 * ROUNDS); // Nobody waits for one who does not come any more.
        }
    }

    private static void meet(AtomicInteger meetings, int whenBothAreThere) {
        meetings.incrementAndGet();
        while (meetings.get() < whenBothAreThere) {
            Thread.onSpinWait();
        }
    }
}
