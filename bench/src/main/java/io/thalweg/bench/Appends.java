package io.thalweg.bench;

import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.broker.runtime.ThreadTimers;
import io.thalweg.broker.runtime.ThreadWorkers;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.HdrHistogram.Histogram;

/**
 * Appends of one size to one log of {@code storage-file}, against a loop that writes as many bytes to a file and does nothing else, in
 * turns: left to the operating system, and each made durable before the next begins.
 */
final class Appends {

    private static final int BATCH_HEADER_BYTES = 61;
    private static final int RECORDS = 16;
    private static final int WARM_UP_ROUNDS = 2;

    private final int rounds;

    Appends(int rounds) {
        this.rounds = rounds;
    }

    private interface Target {
        /** Writes the bytes; the offset and the position follow from the number. */
        void append(ByteBuffer bytes, long number) throws IOException;
    }

    void run(int sizeInBytes, int count, boolean isDurable, PrintStream out) throws IOException {
        out.printf(
                "%nappend %,d B, %s: per second, and microseconds each at the median and the 99th percentile%n",
                sizeInBytes, isDurable ? "durable one by one" : "left to the operating system");
        var file = new Result("bare loop");
        var log = new Result("storage-file");
        for (var round = -WARM_UP_ROUNDS; round < rounds; round++) {
            file.take(round, toFile(sizeInBytes, count, isDurable));
            log.take(round, toLog(sizeInBytes, count, isDurable));
        }
        file.print(out);
        log.print(out);
        out.printf("  %-14s%,11.0f %%%n", "of the rate", 100 * log.rate() / file.rate());
    }

    private static Histogram toFile(int sizeInBytes, int count, boolean isDurable) throws IOException {
        var directory = Files.createTempDirectory("thalweg-bench");
        try (var file =
                FileChannel.open(directory.resolve("file"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            return measure(sizeInBytes, count, (bytes, number) -> {
                file.write(bytes, number * sizeInBytes);
                if (isDurable) {
                    file.force(false);
                }
            });
        } finally {
            Comparison.delete(directory);
        }
    }

    private static Histogram toLog(int sizeInBytes, int count, boolean isDurable) throws IOException {
        var directory = Files.createTempDirectory("thalweg-bench");
        try (var timers = new ThreadTimers("bench");
                var engine = open(directory, timers)) {
            var log = engine.open(
                            new LogId("bench", new UUID(1, 2), 0),
                            LogConfig.DEFAULT.withDurability(isDurable ? Durability.FSYNC : Durability.OS))
                    .toCompletableFuture()
                    .join();
            return measure(sizeInBytes, count, (bytes, number) -> append(engine, log, bytes, number, isDurable));
        } finally {
            Comparison.delete(directory);
        }
    }

    private static StorageEngine open(Path directory, ThreadTimers timers) {
        return FileStorage.at(directory)
                .open(new StorageContext(
                        ConfigValues.empty(), new SystemClock(), timers, new ThreadWorkers("bench-"), new Random(1)));
    }

    private static void append(
            StorageEngine engine, PartitionLog log, ByteBuffer bytes, long number, boolean isDurable) {
        var offset = number * RECORDS;
        bytes.putLong(0, offset);
        log.append(List.of(new Batch(bytes, offset, offset + RECORDS - 1, 0, number)));
        if (isDurable) {
            engine.commit(Collections.singletonList(log)).toCompletableFuture().join();
        }
    }

    private static Histogram measure(int sizeInBytes, int count, Target target) throws IOException {
        var nanos = new Histogram(3);
        var bytes = ByteBuffer.allocateDirect(Math.max(sizeInBytes, BATCH_HEADER_BYTES));
        for (var number = 0L; number < count; number++) {
            var begin = System.nanoTime();
            target.append(bytes.clear(), number);
            nanos.recordValue(System.nanoTime() - begin);
        }
        return nanos;
    }

    /** The rounds of one of the two. */
    private static final class Result {

        private final String name;
        private final Histogram all = new Histogram(3);
        private final List<Double> rates = new ArrayList<>();

        Result(String name) {
            this.name = name;
        }

        void take(int round, Histogram nanos) {
            if (round >= 0) {
                all.add(nanos);
                rates.add(1e9 / nanos.getMean());
            }
        }

        /** Appends per second in the median round. */
        double rate() {
            return rates.stream().sorted().toList().get(rates.size() / 2);
        }

        void print(PrintStream out) {
            out.printf(
                    "  %-14s%,12.0f%12.1f%12.1f%n",
                    name, rate(), all.getValueAtPercentile(50) / 1e3, all.getValueAtPercentile(99) / 1e3);
        }
    }
}
