package io.thalweg.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures clusters of three processes on one machine. */
@Command(
        name = "cluster",
        description = "Measures clusters of three processes, Thalweg's beside Apache Kafka's, with the same timeouts.",
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {

    private static final int KIB = 1024;
    private static final int STARTED_PARTITIONS = 6;

    @Option(
            names = "--parts",
            split = ",",
            description = "Only these: start, failover, topics, produce, paced. Default: all of them.")
    private Set<String> parts = Set.of("start", "failover", "topics", "produce", "paced");

    @Option(
            names = "--loads",
            split = ",",
            description = "Of produce and paced only these, by name. Default: all of them.")
    private Set<String> loads = Set.of();

    @Option(names = "--rounds", description = "Measured turns of each. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--rate", description = "Records a second where they are paced. Default: ${DEFAULT-VALUE}.")
    private int rate = 5_000;

    @Option(names = "--scale", description = "Multiplies how much is produced. Default: ${DEFAULT-VALUE}.")
    private double scale = 1;

    /** Measures one cluster in a directory of its own. */
    private interface Measurement {
        void run(Peer peer, Path directory, PrintStream out) throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        if (parts.contains("start")) {
            each(
                    "start: milliseconds from the launch of three processes that were stopped to a record acknowledged by all in each"
                            + " of 60 partitions; target: half",
                    this::starts);
        }
        if (parts.contains("failover")) {
            each(
                    "failover: milliseconds from kill -9 of a leader to the first record acknowledged by the next, and the"
                            + " longest time without one; target: half of both",
                    this::failovers);
        }
        if (parts.contains("topics")) {
            each(
                    "topics: milliseconds to create 1,000 partitions until all are led, and to delete them; target: no"
                            + " slower",
                    this::topics);
        }
        if (parts.contains("produce")) {
            compare("produce: target twice the records/s, 0.4 of the CPU s/GB", produceLoads());
        }
        if (parts.contains("paced")) {
            compare("paced: target half the read p99", pacedLoads());
        }
        return 0;
    }

    private void each(String title, Measurement measurement) throws Exception {
        System.out.printf("%n%s%n", title);
        for (var peer : Peers.both()) {
            var directory = Files.createTempDirectory("thalweg-bench");
            try {
                System.out.printf("  %-10s", peer.name());
                measurement.run(peer, directory, System.out);
                System.out.println();
            } finally {
                Comparison.delete(directory);
            }
        }
    }

    private void starts(Peer peer, Path directory, PrintStream out) throws InterruptedException {
        var topics = IntStream.range(0, 10).mapToObj(each -> "started-" + each).toList();
        try (var members = Members.start(peer, directory)) {
            topics.forEach(topic -> members.create(topic, STARTED_PARTITIONS, false));
            for (var round = 0; round < rounds; round++) {
                members.stopAll();
                var begin = System.nanoTime();
                members.launch();
                members.acknowledge(topics, STARTED_PARTITIONS);
                out.printf("%,10.0f", (System.nanoTime() - begin) / 1e6);
                out.flush();
            }
        }
    }

    private void failovers(Peer peer, Path directory, PrintStream out) throws InterruptedException {
        try (var members = Members.start(peer, directory)) {
            var failovers = new Failovers(members);
            for (var round = 0; round < rounds; round++) {
                var outcome = failovers.once();
                out.printf(
                        "%,10.0f /%,7.0f%s",
                        outcome.firstMillis(),
                        outcome.stallMillis(),
                        outcome.wasController() ? " (led the quorum)" : "");
                out.flush();
            }
        }
    }

    private void topics(Peer peer, Path directory, PrintStream out) {
        try (var members = Members.start(peer, directory)) {
            for (var round = 0; round < rounds; round++) {
                var topic = "many-" + round;
                var begin = System.nanoTime();
                members.create(topic, 1_000, false);
                var created = System.nanoTime();
                members.delete(List.of(topic));
                members.awaitGone(topic);
                out.printf("%,10.0f /%,7.0f", (created - begin) / 1e6, (System.nanoTime() - created) / 1e6);
                out.flush();
            }
        }
    }

    private void compare(String title, List<Load> all) throws IOException {
        System.out.printf("%n%s%n", title);
        var asked = all.stream()
                .filter(load -> loads.isEmpty() || loads.contains(load.name()))
                .toList();
        new Comparison(Peers.both(), Members::start, asked, rounds).run(System.out);
    }

    private List<Load> produceLoads() {
        return List.of(
                produce("W2", "16 KiB batches, left to the OS", false, Map.of("acks", "all")),
                produce("W2b", "128 KiB batches, left to the OS", false, large()),
                produce("W2-durable", "16 KiB batches, on disk when acknowledged", true, Map.of("acks", "all")),
                produce("W2b-durable", "128 KiB batches, on disk when acknowledged", true, large()));
    }

    private static Map<String, String> large() {
        return Map.of("acks", "all", "batch.size", "131072", "linger.ms", "10");
    }

    private Load produce(String name, String describe, boolean isOnDisk, Map<String, String> config) {
        var what = "acks=all, three replicas, " + describe;
        return new ProduceLoad(name, what, (int) (400_000 * scale), KIB, 6, 1, isOnDisk, config);
    }

    private List<Load> pacedLoads() {
        return List.of(paced("W5r", "left to the OS", rate, false), paced("W5r-durable", "on disk", rate / 10, true));
    }

    private Load paced(String name, String describe, int perSecond, boolean isOnDisk) {
        var what = String.format("%,d records/s, a request each, acks=all, three replicas, %s", perSecond, describe);
        var seconds = (int) Math.max(2, 10 * scale);
        return new PacedLoad(name, what, perSecond, 3, seconds, KIB, 6, isOnDisk, Map.of("acks", "all"));
    }
}
