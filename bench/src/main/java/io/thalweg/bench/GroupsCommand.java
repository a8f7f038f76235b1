package io.thalweg.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures consumer groups. */
@Command(
        name = "groups",
        description = {
            "Measures consumer groups of the classic protocol:",
            "how long a rebalance of many members takes from the first join to the last answered sync,",
            "whether many groups beat without being disturbed,",
            "and how soon after a kill all of many committed offsets are answered for."
        },
        mixinStandardHelpOptions = true)
final class GroupsCommand implements Callable<Integer> {

    private static final int LOAD_TARGET_MILLIS = 1_000;

    @Option(names = "--members", description = "Members of the group that rebalances. Default: ${DEFAULT-VALUE}.")
    private int members = 100;

    @Option(names = "--rounds", description = "Rebalances. Default: ${DEFAULT-VALUE}.")
    private int rounds = 30;

    @Option(names = "--groups", description = "Groups of ten members that beat. Default: ${DEFAULT-VALUE}.")
    private int groups = 1000;

    @Option(names = "--seconds", description = "For how long they beat. Default: ${DEFAULT-VALUE}.")
    private int seconds = 30;

    @Option(names = "--offsets", description = "Committed offsets, 100 for each group. Default: ${DEFAULT-VALUE}.")
    private int offsets = 100_000;

    private interface Measurement<T> {
        T run(Server server, Path directory) throws Exception;
    }

    /** What one server has done. */
    private record Outcome(double medianMillis, Heartbeats.Result heartbeats, OffsetLoad.Result load) {}

    @Override
    public Integer call() throws Exception {
        var outcomes = new ArrayList<Outcome>();
        for (var peer : Peers.both()) {
            outcomes.add(measure(peer));
        }
        tell(outcomes.get(0), outcomes.get(1));
        return 0;
    }

    private Outcome measure(Peer peer) throws Exception {
        var name = peer.name();
        var millis = measure(peer, (server, directory) -> new Rebalances(server, members).run(rounds));
        System.out.printf(
                "%-10s rebalance of %d members, ms: median %.1f, 90th percentile %.1f, slowest %.1f%n",
                name, members, millis[rounds / 2], millis[rounds * 9 / 10], millis[rounds - 1]);
        var heartbeats = measure(peer, (server, directory) -> new Heartbeats(server, groups).run(seconds));
        System.out.printf("%-10s %,d groups of %d: %s%n", name, groups, Heartbeats.MEMBERS, heartbeats);
        var load = measure(peer, (server, directory) -> new OffsetLoad(server, directory, offsets).run());
        System.out.printf("%-10s %,d offsets: %s%n", name, offsets, load);
        return new Outcome(millis[rounds / 2], heartbeats, load);
    }

    /** Beside what is aimed at. */
    private void tell(Outcome ours, Outcome kafkas) {
        tell(
                ours.medianMillis() <= kafkas.medianMillis() / 2,
                String.format(
                        "a rebalance of %d members takes %.2f of Kafka's time (target: at most 0.50)",
                        members, ours.medianMillis() / kafkas.medianMillis()));
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
