package io.thalweg.bench;

import java.nio.file.Files;
import java.nio.file.Path;
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

    @Option(names = "--members", description = "Members of the group that rebalances. Default: ${DEFAULT-VALUE}.")
    private int members = 100;

    @Option(names = "--rounds", description = "Rebalances. Default: ${DEFAULT-VALUE}.")
    private int rounds = 30;

    @Option(names = "--groups", description = "Groups of ten members that beat. Default: ${DEFAULT-VALUE}.")
    private int groups = 1000;

    @Option(names = "--seconds", description = "For how long they beat. Default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(names = "--offsets", description = "Committed offsets, 100 for each group. Default: ${DEFAULT-VALUE}.")
    private int offsets = 100_000;

    private interface Measurement {
        void run(Server server, Path directory) throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        for (var peer : Peers.both()) {
            measure(peer, (server, directory) -> {
                var millis = new Rebalances(server, members).run(rounds);
                System.out.printf(
                        "%-10s rebalance of %d members, ms: median %.1f, 90th percentile %.1f, slowest %.1f%n",
                        peer.name(), members, millis[rounds / 2], millis[rounds * 9 / 10], millis[rounds - 1]);
            });
            measure(
                    peer,
                    (server, directory) -> System.out.printf(
                            "%-10s %,d groups of %d: %s%n",
                            peer.name(), groups, Heartbeats.MEMBERS, new Heartbeats(server, groups).run(seconds)));
            measure(
                    peer,
                    (server, directory) -> System.out.printf(
                            "%-10s %,d offsets: %s%n",
                            peer.name(), offsets, new OffsetLoad(server, directory, offsets).run()));
        }
        return 0;
    }

    private static void measure(Peer peer, Measurement measurement) throws Exception {
        var directory = Files.createTempDirectory("thalweg-bench");
        try (var server = Server.start(peer, directory)) {
            measurement.run(server, directory);
        } finally {
            Comparison.delete(directory);
        }
    }
}
