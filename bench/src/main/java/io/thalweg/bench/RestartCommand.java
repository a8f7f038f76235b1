package io.thalweg.bench;

import io.thalweg.bench.Restarts.Content;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long a server that was killed takes to serve again. */
@Command(
        name = "restart",
        description = "Kills servers that hold much, and measures how long the next one takes to acknowledge a record.",
        mixinStandardHelpOptions = true)
final class RestartCommand implements Callable<Integer> {

    private static final int KIB = 1024;

    @Option(names = "--rounds", description = "How often each is killed. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--megabytes", description = "How much is in few partitions. Default: ${DEFAULT-VALUE}.")
    private int megabytes = 2048;

    @Option(names = "--partitions", description = "How many partitions hold little. Default: ${DEFAULT-VALUE}.")
    private int partitions = 10_000;

    @Option(
            names = "--limit",
            description = "After so many seconds a server is given up that is still filled or starting; it has so many"
                    + " for each of the two. Default: ${DEFAULT-VALUE}.")
    private int limitSeconds = 150;

    @Override
    public Integer call() throws Exception {
        var restarts = new Restarts(Peers.both(), rounds, Duration.ofSeconds(limitSeconds));
        restarts.run(new Content(6, megabytes * KIB, KIB), System.out);
        restarts.run(new Content(partitions, 10 * partitions, KIB / 10), System.out);
        return 0;
    }
}
