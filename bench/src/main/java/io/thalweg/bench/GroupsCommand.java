package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures consumer groups. */
@Command(
        name = "groups",
        description = {
            "Measures consumer groups:",
            "how long a rebalance of many members takes until the last has its assignment, of the classic protocol and of the",
            "consumer protocol (KIP-848), in turns, first on servers that were just started and then on warm ones,",
            "whether many groups beat without being disturbed,",
            "and how soon after a kill all of many committed offsets are answered for."
        },
        mixinStandardHelpOptions = true)
final class GroupsCommand implements Callable<Integer> {

    private static final int LOAD_TARGET_MILLIS = 1_000;

    @Option(names = "--members", description = "Members of the group that rebalances. Default: ${DEFAULT-VALUE}.")
    private int members = 100;

    @Option(
            names = "--rounds",
            description = "Rebalances of a series, of the classic protocol. Default: ${DEFAULT-VALUE}.")
    private int rounds = 300;

    @Option(
            names = "--series",
            description = "Series of rebalances, each warmer than the last. Default: ${DEFAULT-VALUE}.")
    private int series = 5;

    @Option(
            names = "--consumer-rounds",
            description = "Rebalances of a series, of the consumer protocol. Default: ${DEFAULT-VALUE}.")
    private int consumerRounds = 10;

    @Option(names = "--groups", description = "Groups of ten members that beat. Default: ${DEFAULT-VALUE}.")
    private int groups = 1000;

    @Option(names = "--seconds", description = "For how long they beat. Default: ${DEFAULT-VALUE}.")
    private int seconds = 30;

    @Option(names = "--offsets", description = "Committed offsets, 100 for each group. Default: ${DEFAULT-VALUE}.")
    private int offsets = 100_000;

    private interface Measurement<T> {
        T run(Server server, Path directory) throws Exception;
    }

    /** What one server has done, rebalances aside. */
    private record Outcome(Heartbeats.Result heartbeats, OffsetLoad.Result load) {}

    @Override
    public Integer call() throws Exception {
        var peers = Peers.both();
        rebalance("classic", peers, rounds, server -> new ClassicRebalances(server, members));
        rebalance("consumer", peers, consumerRounds, server -> new ConsumerRebalances(server, members));
        var outcomes = new ArrayList<Outcome>();
        for (var peer : peers) {
            outcomes.add(measure(peer));
        }
        tell(outcomes.get(0));
        return 0;
    }

    private interface Forming {
        RebalancedGroup form(Server server) throws IOException;
    }

    /** Rounds alternate, so that what disturbs one disturbs the other. */
    private void rebalance(String protocol, List<Peer> peers, int count, Forming forming) throws IOException {
        var directory = Files.createTempDirectory("thalweg-bench");
        try (var ours = Server.start(peers.get(0), directory.resolve("first"));
                var kafkas = Server.start(peers.get(1), directory.resolve("second"));
                var first = forming.form(ours);
                var second = forming.form(kafkas)) {
            for (var number = 1; number <= series; number++) {
                var millis = new double[2][count];
                for (var round = 0; round < count; round++) {
                    millis[0][round] = first.round();
                    millis[1][round] = second.round();
                }
                tellSeries(protocol + ", series " + number, millis[0], millis[1]);
            }
        } finally {
            Comparison.delete(directory);
        }
    }

    private Outcome measure(Peer peer) throws Exception {
        var name = peer.name();
        var heartbeats = measure(peer, (server, directory) -> new Heartbeats(server, groups).run(seconds));
        System.out.printf("%-10s %,d groups of %d: %s%n", name, groups, Heartbeats.MEMBERS, heartbeats);
        var load = measure(peer, (server, directory) -> new OffsetLoad(server, directory, offsets).run());
        System.out.printf("%-10s %,d offsets: %s%n", name, offsets, load);
        return new Outcome(heartbeats, load);
    }

    private void tellSeries(String name, double[] ours, double[] kafkas) {
        tellRebalances("Thalweg", name, ours);
        tellRebalances("Kafka", name, kafkas);
        var share = median(ours) / median(kafkas);
        tell(
                share <= 0.5,
                String.format(
                        "a rebalance of %d members takes %.2f of Kafka's time, %s (target: at most 0.50)",
                        members, share, name));
    }

    private void tellRebalances(String peer, String name, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                "%-10s %s: rebalance of %d members, ms: median %.1f, 90th percentile %.1f, slowest %.1f%n",
                peer, name, members, median(millis), millis[millis.length * 9 / 10], millis[millis.length - 1]);
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    /** Beside what is aimed at. */
    private void tell(Outcome ours) {
        tell(
                ours.heartbeats().disturbed() == 0,
                String.format(
                        "%,d groups beat %,d times and are disturbed %,d times (target: never)",
                        groups, ours.heartbeats().beats(), ours.heartbeats().disturbed()));
        tell(
                ours.load().loadMillis() < LOAD_TARGET_MILLIS,
                String.format(
                        "%,d offsets are there %.0f ms after the first answer (target: less than %d)",
                        offsets, ours.load().loadMillis(), LOAD_TARGET_MILLIS));
    }

    private static void tell(boolean isMet, String text) {
        System.out.println((isMet ? "met     " : "MISSED  ") + text);
    }

    private static <T> T measure(Peer peer, Measurement<T> measurement) throws Exception {
        var directory = Files.createTempDirectory("thalweg-bench");
        try (var server = Server.start(peer, directory)) {
            return measurement.run(server, directory);
        } finally {
            Comparison.delete(directory);
        }
    }
}
