package io.thalweg.storage.file;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** An open engine over a directory with one log, and ways to look behind it. */
final class Fixture implements AutoCloseable {

    static final LogId ID = new LogId("orders", new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L), 3);

    /** Segments of ten batches of {@link #batches}. */
    static final LogConfig SMALL = new LogConfig(Durability.FSYNC, 1000, 1_000_000, 0, 150, 4096, false);

    static final int BATCH_BYTES = 100;

    final RealRuntime runtime = new RealRuntime();
    final StorageEngine engine;
    final PartitionLog log;

    private final @Nullable SeededRuntime seeded;

    Fixture(Path directory) {
        this(directory, new LocalDisk());
    }

    Fixture(Path directory, Disk disk) {
        this(directory, disk, SMALL);
    }

    Fixture(Path directory, Disk disk, LogConfig config) {
        this(directory, disk, config, null);
    }

    /** With a runtime that the test steps, or null for threads. */
    Fixture(Path directory, Disk disk, LogConfig config, @Nullable SeededRuntime seeded) {
        this(FileStorage.at(directory).on(disk), config, seeded, ConfigValues.empty(), ID);
    }

    Fixture(FileStorage storage, LogConfig config, @Nullable SeededRuntime seeded, ConfigValues settings, LogId id) {
        this.seeded = seeded;
        engine = storage.open(context(settings));
        try {
            log = finish(engine.open(id, config));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private StorageContext context(ConfigValues settings) {
        var random = new Random(1);
        return seeded == null
                ? new StorageContext(settings, runtime, runtime, runtime, random)
                : new StorageContext(settings, seeded, seeded, seeded, random);
    }

    /** One record each, timestamps a hundred times the offsets. */
    static List<SampleBatch> batches(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(offset -> SampleBatch.of(offset, 1, 100 * offset, BATCH_BYTES - SampleBatch.HEADER_BYTES))
                .toList();
    }

    void append(long from, long to) {
        batches(from, to).forEach(batch -> log.append(List.of(batch.toBatch())));
    }

    void commit() {
        finish(engine.commit(List.of(log)));
    }

    List<SampleBatch> readAll() {
        return readAll(log);
    }

    List<SampleBatch> readAll(PartitionLog log) {
        var found = new ArrayList<SampleBatch>();
        var next = log.offsets().start();
        while (next < log.offsets().end()) {
            var some = SampleBatch.in(finish(log.read(next, Long.MAX_VALUE, 350)));
            if (some.isEmpty()) {
                return found;
            }
            found.addAll(some);
            next = some.get(some.size() - 1).lastOffset() + 1;
        }
        return found;
    }

    static Path logDirectory(Path directory) {
        return directory.resolve("orders-3");
    }

    static Path file(Path directory, String name) {
        return logDirectory(directory).resolve(name);
    }

    /** The result of a stage, for which a runtime without threads is stepped. */
    <T> T finish(CompletionStage<T> stage) {
        if (seeded != null) {
            seeded.runUntilDone(stage);
        }
        return await(stage);
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** What another process would find if this one died now. */
    static Path copyOf(Path directory, Path target) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.toList()) {
                Files.copy(file, target.resolve(directory.relativize(file)));
            }
        }
        return target;
    }

    @Override
    public void close() {
        engine.close();
        runtime.close();
    }
}
