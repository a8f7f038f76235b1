package io.thalweg.bench;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Starts brokers in this process, on file storage and a socket, and times each to the first record that is on disk and acknowledged. */
final class EmbeddedStarts {

    private final int starts;

    EmbeddedStarts(int starts) {
        this.starts = starts;
    }

    /** Milliseconds since {@code Broker.builder()}. */
    private record Start(double servingMillis, double acknowledgedMillis, double stoppedMillis) {}

    void run(PrintStream out) throws Exception {
        var measured = new ArrayList<Start>();
        for (var i = 0; i < starts; i++) {
            measured.add(once());
        }
        out.printf("embedded broker, %d starts in one JVM, milliseconds: first, median of the last half%n", starts);
        var warm = measured.subList(starts / 2, starts);
        print(
                out,
                "start() returned",
                measured.get(0).servingMillis,
                warm.stream().map(Start::servingMillis).toList());
        print(
                out,
                "first record acknowledged (acks=all, on disk)",
                measured.get(0).acknowledgedMillis,
                warm.stream().map(Start::acknowledgedMillis).toList());
        print(
                out,
                "close() took",
                measured.get(0).stoppedMillis,
                warm.stream().map(Start::stoppedMillis).toList());
    }

    private static void print(PrintStream out, String what, double first, List<Double> warm) {
        var sorted = warm.stream().sorted().toList();
        out.printf("  %-46s %8.1f %8.1f%n", what, first, sorted.get(sorted.size() / 2));
    }

    private static Start once() throws IOException, InterruptedException, ExecutionException {
        var directory = Files.createTempDirectory("thalweg-start");
        var beginNanos = System.nanoTime();
        var broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start();
        var serving = millisSince(beginNanos);
        var config = Map.<String, Object>of("bootstrap.servers", broker.bootstrap(), "acks", "all");
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("first", new byte[] {1})).get();
            var acknowledged = millisSince(beginNanos);
            var stopNanos = System.nanoTime();
            broker.close();
            return new Start(serving, acknowledged, millisSince(stopNanos));
        } finally {
            broker.close();
            Comparison.delete(directory);
        }
    }

    private static double millisSince(long beginNanos) {
        return (System.nanoTime() - beginNanos) / 1e6;
    }
}
