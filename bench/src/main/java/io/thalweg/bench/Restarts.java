package io.thalweg.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills a server, kills it with SIGKILL, and times the next one from its launch to the first record that it acknowledges. */
final class Restarts {

    private static final String TOPIC = "filled";
    private static final Map<String, Object> FILLING = Map.of("acks", "1", "batch.size", 131072, "linger.ms", 10);
    /** Tries again as fast as a client may, for as long as it takes. */
    private static final Map<String, Object> IMPATIENT = Map.of(
            "acks",
            "all",
            "max.block.ms",
            600_000,
            "reconnect.backoff.ms",
            20,
            "reconnect.backoff.max.ms",
            20,
            "retry.backoff.ms",
            20,
            "retry.backoff.max.ms",
            20);

    private final List<? extends Peer> peers;
    private final int rounds;
    private final Duration limit;

    /**
     * Restarts of some servers.
     *
     * @param rounds how often each is killed
     * @param limit how long it may take to fill one, and then how long all of its starts may
     */
    Restarts(List<? extends Peer> peers, int rounds, Duration limit) {
        this.peers = peers;
        this.rounds = rounds;
        this.limit = limit;
    }

    /**
     * What a server holds when it is killed.
     *
     * @param records spread evenly over the partitions
     */
    record Content(int partitions, int records, int sizeInBytes) {

        @Override
        public String toString() {
            return String.format("%,d records of %,d B in %,d partitions", records, sizeInBytes, partitions);
        }
    }

    void run(Content content, PrintStream out) throws IOException, InterruptedException, ExecutionException {
        out.printf("%n%s, killed: milliseconds from launch to the first record acknowledged, each round%n", content);
        for (var peer : peers) {
            System.err.printf("%s: filling with %s%n", peer.name(), content);
            out.printf("  %-10s", peer.name());
            var directory = Files.createTempDirectory("thalweg-bench");
            try (var life = new Life(peer, directory)) {
                var isDone = isDoneInTime(() -> life.fill(content), "filling", out)
                        && isDoneInTime(() -> life.killAndRestart(rounds, out), "starting", out);
                out.println(isDone ? "" : ", and was given up");
            } finally {
                Comparison.delete(directory);
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** What takes longer is interrupted, and said to. */
    private boolean isDoneInTime(Step step, String what, PrintStream out)
            throws InterruptedException, ExecutionException {
        var thread = Executors.newSingleThreadExecutor();
        try {
            var done = thread.submit(() -> {
                step.run();
                return null;
            });
            done.get(limit.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            out.printf("  was still %s after %d s", what, limit.toSeconds());
            return false;
        } finally {
            thread.shutdownNow();
            thread.awaitTermination(limit.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** A server and those that follow it. Used by one thread at a time. */
    private static final class Life implements AutoCloseable {

        private final Path directory;
        private Server server;

        Life(Peer peer, Path directory) {
            this.directory = directory;
            this.server = Server.start(peer, directory);
        }

        void fill(Content content) {
            server.create(TOPIC, content.partitions, true);
            Restarts.fill(server.bootstrap(), content);
        }

        void killAndRestart(int rounds, PrintStream out) throws InterruptedException, ExecutionException {
            for (var round = 0; round < rounds; round++) {
                server.kill();
                var beginNanos = System.nanoTime();
                server = server.launchAgain(directory);
                acknowledgeOne(server.bootstrap());
                out.printf("%,10.0f", (System.nanoTime() - beginNanos) / 1e6);
            }
        }

        /** What it would write while it stops in order is thrown away anyway. */
        @Override
        public void close() {
            server.kill();
        }
    }

    private static void fill(String bootstrap, Content content) {
        var payloads = new Payloads(content.sizeInBytes);
        try (var producer = producer(bootstrap, FILLING)) {
            for (var i = 0; i < content.records; i++) {
                var unused =
                        producer.send(new ProducerRecord<>(TOPIC, i % content.partitions, null, payloads.value(i)));
            }
        }
    }

    /** Returns when the server has acknowledged a record; the topic is created if it is missing. */
    static void acknowledgeOne(String bootstrap) throws InterruptedException, ExecutionException {
        try (var producer = producer(bootstrap, IMPATIENT)) {
            producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[] {1})).get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap, Map<String, Object> settings) {
        var config = new HashMap<>(settings);
        config.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
