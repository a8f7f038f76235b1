package io.thalweg.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
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

    Restarts(List<? extends Peer> peers, int rounds) {
        this.peers = peers;
        this.rounds = rounds;
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
            for (var millis : times(peer, content)) {
                out.printf("%,10.0f", millis);
            }
            out.println();
        }
    }

    private double[] times(Peer peer, Content content) throws IOException, InterruptedException, ExecutionException {
        var directory = Files.createTempDirectory("thalweg-bench");
        try {
            var server = Server.start(peer, directory);
            try {
                server.create(TOPIC, content.partitions, true);
                fill(server.bootstrap(), content);
                var times = new double[rounds];
                for (var round = 0; round < rounds; round++) {
                    server.kill();
                    var beginNanos = System.nanoTime();
                    server = server.launchAgain(directory);
                    acknowledgeOne(server.bootstrap());
                    times[round] = (System.nanoTime() - beginNanos) / 1e6;
                }
                return times;
            } finally {
                server.close();
            }
        } finally {
            Comparison.delete(directory);
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
