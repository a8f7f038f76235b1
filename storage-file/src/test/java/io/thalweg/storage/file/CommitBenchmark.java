package io.thalweg.storage.file;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.tck.runtime.RealRuntime;
import io.thalweg.tck.storage.SampleBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Compares commits of many logs with a journal and without one, in turns in one run; started by hand, with a directory on the disk to
 * measure, the numbers of logs and the bytes of a batch.
 */
final class CommitBenchmark {

    private static final long MEASURED_NANOS = 8_000_000_000L;
    private static final int WARM_UP = 100;
    private static final int MOST = 20_000;

    private CommitBenchmark() {}

    public static void main(String[] args) throws IOException {
        var root = Files.createTempDirectory(Path.of(args[0]), "commit-benchmark");
        for (var size : args[2].split(",", -1)) {
            for (var logs : args[1].split(",", -1)) {
                compare(root, Integer.parseInt(logs), Integer.parseInt(size));
            }
        }
        delete(root);
    }

    /** One commit here, one there, as the machine has other work that comes and goes. */
    private static void compare(Path root, int logCount, int batchBytes) throws IOException {
        try (var runtime = new RealRuntime();
                var without = open(root.resolve("plain"), "0", runtime);
                var with = open(root.resolve("journal"), "67108864", runtime)) {
            var plain = new Subject(without, logCount);
            var journal = new Subject(with, logCount);
            var bytes = SampleBatch.of(0, 10, 0, batchBytes - SampleBatch.HEADER_BYTES)
                    .toBatch()
                    .bytes();
            var direct = ByteBuffer.allocateDirect(bytes.remaining())
                    .put(bytes.duplicate())
                    .flip();
            var begin = System.nanoTime();
            for (var i = 0; i < MOST && (i <= WARM_UP || System.nanoTime() - begin < MEASURED_NANOS); i++) {
                if (i == WARM_UP) {
                    begin = System.nanoTime();
                    plain.count = 0;
                    journal.count = 0;
                }
                plain.commit(direct, i);
                journal.commit(direct, i);
            }
            System.out.printf(
                    "%5d logs %7d bytes: without %s, with a journal %s ms%n", logCount, batchBytes, plain, journal);
        } finally {
            delete(root.resolve("plain"));
            delete(root.resolve("journal"));
        }
    }

    private static StorageEngine open(Path directory, String journalBytes, RealRuntime runtime) {
        return FileStorage.at(directory)
                .open(new StorageContext(
                        ConfigValues.empty().with(FileStorage.JOURNAL_BYTES.name(), journalBytes),
                        runtime,
                        runtime,
                        runtime,
                        new Random(1)));
    }

    /** An engine with its logs, and how long its commits took. */
    private static final class Subject {

        private final StorageEngine engine;
        private final List<PartitionLog> logs = new ArrayList<>();
        private final long[] nanos = new long[MOST];
        private int count;

        Subject(StorageEngine engine, int logCount) {
            this.engine = engine;
            for (var i = 0; i < logCount; i++) {
                logs.add(engine.open(new LogId("bench", new UUID(1, 1), i), LogConfig.DEFAULT)
                        .toCompletableFuture()
                        .join());
            }
        }

        void commit(ByteBuffer bytes, int index) {
            bytes.putLong(0, 10L * index);
            for (var log : logs) {
                log.append(List.of(new Batch(bytes, 10L * index, 10L * index + 9, 0, index)));
            }
            var start = System.nanoTime();
            engine.commit(logs).toCompletableFuture().join();
            nanos[count++] = System.nanoTime() - start;
        }

        @Override
        public String toString() {
            var sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return String.format(
                    "p10 %.3f p50 %.3f p90 %.3f mean %.3f",
                    sorted[count / 10] / 1e6,
                    sorted[count / 2] / 1e6,
                    sorted[count * 9 / 10] / 1e6,
                    Arrays.stream(sorted).average().orElse(0) / 1e6);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
