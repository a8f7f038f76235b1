package io.thalweg.storage.file;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Compares appends and commits with a bare loop over a file channel in the same run; started by hand, with a directory on the disk
 * to measure.
 */
final class WriteBenchmark {

    private static final int BATCH_BYTES = 16 * 1024;
    private static final int APPENDS = 16 * 1024;
    private static final int COMMITS = 3000;
    private static final int ROUNDS = 3;

    private WriteBenchmark() {}

    public static void main(String[] args) throws Exception {
        var directory = Files.createTempDirectory(Path.of(args[0]), "write-benchmark");
        for (var round = 0; round < ROUNDS; round++) {
            System.out.printf(
                    "append 16 KiB: bare %.0f MB/s, log %.0f MB/s%n",
                    bareAppends(directory.resolve("bare-" + round)), logAppends(directory.resolve("log-" + round)));
            System.out.printf(
                    "append 16 KiB and sync: bare p50 %.3f ms, 1 log p50 %.3f ms, 6 logs p50 %.3f ms%n",
                    bareSyncs(directory.resolve("bare-sync-" + round)),
                    commits(directory.resolve("commit-" + round), 1),
                    commits(directory.resolve("commit6-" + round), 6));
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static double bareAppends(Path path) throws IOException {
        var buffer = ByteBuffer.allocateDirect(BATCH_BYTES);
        try (var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var start = System.nanoTime();
            for (var i = 0; i < APPENDS; i++) {
                buffer.clear();
                channel.write(buffer);
            }
            return megabytesPerSecond(System.nanoTime() - start);
        } finally {
            Files.delete(path);
        }
    }

    private static double logAppends(Path path) {
        try (var runtime = new RealRuntime();
                var engine = open(path, runtime)) {
            var log = open(engine, 0, Durability.OS);
            var bytes = SampleBatch.of(0, 10, 0, BATCH_BYTES - SampleBatch.HEADER_BYTES)
                    .toBatch()
                    .bytes();
            var start = System.nanoTime();
            for (var i = 0; i < APPENDS; i++) {
                log.append(List.of(batch(bytes, i)));
            }
            var result = megabytesPerSecond(System.nanoTime() - start);
            engine.delete(id(0)).toCompletableFuture().join();
            return result;
        }
    }

    private static double megabytesPerSecond(long nanos) {
        return (double) APPENDS * BATCH_BYTES / 1e6 / (nanos / 1e9);
    }

    private static double bareSyncs(Path path) throws IOException {
        var nanos = new long[COMMITS];
        var buffer = ByteBuffer.allocateDirect(BATCH_BYTES);
        try (var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (var i = 0; i < COMMITS; i++) {
                var start = System.nanoTime();
                buffer.clear();
                channel.write(buffer);
                channel.force(false);
                nanos[i] = System.nanoTime() - start;
            }
        }
        return median(nanos);
    }

    private static double commits(Path path, int logCount) {
        try (var runtime = new RealRuntime();
                var engine = open(path, runtime)) {
            var logs = new ArrayList<PartitionLog>();
            for (var i = 0; i < logCount; i++) {
                logs.add(open(engine, i, Durability.FSYNC));
            }
            var bytes = SampleBatch.of(0, 10, 0, BATCH_BYTES - SampleBatch.HEADER_BYTES)
                    .toBatch()
                    .bytes();
            var nanos = new long[COMMITS / logCount];
            for (var i = 0; i < nanos.length; i++) {
                var start = System.nanoTime();
                for (var log : logs) {
                    log.append(List.of(batch(bytes, i)));
                }
                engine.commit(logs).toCompletableFuture().join();
                nanos[i] = System.nanoTime() - start;
            }
            return median(nanos);
        }
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e6;
    }

    private static Batch batch(ByteBuffer bytes, int index) {
        bytes.putLong(0, 10L * index);
        return new Batch(bytes, 10L * index, 10L * index + 9, 0, index);
    }

    private static StorageEngine open(Path path, RealRuntime runtime) {
        return FileStorage.at(path)
                .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)));
    }

    private static LogId id(int partition) {
        return new LogId("bench", new UUID(1, 1), partition);
    }

    private static PartitionLog open(StorageEngine engine, int partition, Durability durability) {
        return engine.open(id(partition), LogConfig.DEFAULT.withDurability(durability))
                .toCompletableFuture()
                .join();
    }
}
