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
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directory a new log comes to. */
final class PlacementTest {

    private static final int ROUNDS = 1_000;
    private static final int LIMIT_SECONDS = 60;

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
            var unevenCount = new AtomicInteger();
            // Whoever comes last at the end of a round looks, while the other one waits.
            var begin = new CyclicBarrier(2);
            var end = new CyclicBarrier(2, () -> {
                if (stores.get(0).logCount() != stores.get(1).logCount()) {
                    unevenCount.incrementAndGet();
                }
            });
            var threads = runtime.start("placing", 2);

            var placed = Stream.of("orders", "others")
                    .map(topic -> CompletableFuture.runAsync(() -> placeAll(placement, topic, begin, end), threads))
                    .toList();
            placed.forEach(CompletableFuture::join);

            threads.close();
            stores.forEach(DirectoryStore::close);
            assertThat(unevenCount).hasValue(0);
        }
    }

    private static void placeAll(Placement placement, String topic, CyclicBarrier begin, CyclicBarrier end) {
        for (var round = 0; round < ROUNDS; round++) {
            meet(begin);
            placement.place(new LogId(topic, new UUID(1, 2), round));
            meet(end);
        }
    }

    /** One who waits for another that has failed gives up. */
    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the other one did not come", e);
        }
    }
}
